/** Moving over the board by keys: which card has the focus, which menu is open. */
import { useCallback, useState } from 'react';
import { type KeyBinding, useKeys } from '../shell/keys.ts';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useSelection } from '../shell/selection.ts';
import { type Column, type ColumnKey, cardsOf } from '../state/columns.ts';

/** What the keys have come to. */
export interface BoardKeys {
  /** The card that keys act on; it is the one that Tab reaches. */
  readonly focused: string | undefined;
  /** Grows when the focus is to follow, so that a click does not steal it. */
  readonly request: number;
  readonly focus: (taskId: string) => void;
  /** The card whose menu is open. */
  readonly menu: string | undefined;
  readonly openMenu: (taskId: string | undefined) => void;
  /** The column in which a task is being made. */
  readonly creating: ColumnKey | undefined;
  readonly create: (column: ColumnKey | undefined) => void;
}

/** Listens for the keys of the board. */
export function useBoardKeys(columns: readonly Column[]): BoardKeys {
  const { address, look } = useLooking();
  const selection = useSelection();
  const { canWrite } = useParts();
  const [focused, setFocused] = useState<string>();
  const [request, setRequest] = useState(0);
  const [menu, openMenu] = useState<string>();
  const [creating, create] = useState<ColumnKey>();
  const go = useCallback((taskId: string) => {
    setFocused(taskId);
    setRequest((before) => before + 1);
  }, []);

  /** Where the keys are. It is looked up when one is pressed: there may be thousands of cards. */
  function place() {
    const grid = columns.map(idsOf).filter(({ length }) => length > 0);
    const isOnBoard = focused !== undefined && grid.some((ids) => ids.includes(focused));
    return { grid, isOnBoard, here: isOnBoard ? focused : grid[0]?.[0] };
  }

  function step(across: number, down: number): void {
    const { grid, here, isOnBoard } = place();
    const next = isOnBoard ? neighbour(grid, here, { across, down }) : here;
    if (next === undefined) return;
    go(next);
    if (address.taskId !== null) look({ taskId: next }, 'replace');
  }

  function withCard(act: (taskId: string) => void): () => void {
    return () => {
      const { here } = place();
      if (here !== undefined) act(here);
    };
  }

  const bindings: readonly KeyBinding[] = [
    ...stepKeys.map(({ keys, across, down }) => {
      return { keys, what: '', act: () => step(across, down) };
    }),
    ...(canWrite ? deeds() : []),
    { keys: 'Enter', what: 'open', act: withCard((taskId) => look({ taskId })) },
    { keys: '[', what: 'the one before', act: () => step(0, -1) },
    { keys: ']', what: 'the next one', act: () => step(0, 1) },
    { keys: 'Escape', what: 'close', act: leave },
  ];
  useKeys(bindings);

  function deeds(): readonly KeyBinding[] {
    return [
      { keys: 'c', what: 'new task', act: () => create('ready') },
      { keys: 'x', what: 'choose', act: withCard(selection.toggle) },
      { keys: 'a', what: 'choose all of a column', act: withCard(chooseColumn) },
      { keys: 'm', what: 'move', act: withCard((taskId) => openMenu(taskId)) },
    ];
  }

  function chooseColumn(taskId: string): void {
    const ids = columns.map(idsOf).find((each) => each.includes(taskId)) ?? [];
    selection.choose([...new Set([...selection.chosen, ...ids])]);
  }

  function leave(): void {
    if (address.taskId !== null) {
      look({ taskId: null });
      go(address.taskId);
    } else selection.clear();
  }

  return { focused, request, focus: setFocused, menu, openMenu, creating, create };
}

const stepKeys = [
  { keys: 'h', across: -1, down: 0 },
  { keys: 'ArrowLeft', across: -1, down: 0 },
  { keys: 'l', across: 1, down: 0 },
  { keys: 'ArrowRight', across: 1, down: 0 },
  { keys: 'k', across: 0, down: -1 },
  { keys: 'ArrowUp', across: 0, down: -1 },
  { keys: 'j', across: 0, down: 1 },
  { keys: 'ArrowDown', across: 0, down: 1 },
] as const;

function idsOf(column: Column): readonly string[] {
  return cardsOf(column).map(({ record }) => record.taskId);
}

function neighbour(
  grid: readonly (readonly string[])[],
  taskId: string | undefined,
  { across, down }: { readonly across: number; readonly down: number },
): string | undefined {
  const x = grid.findIndex((ids) => taskId !== undefined && ids.includes(taskId));
  const column = grid[x];
  if (column === undefined || taskId === undefined) return undefined;
  const y = column.indexOf(taskId);
  if (across === 0) return column[Math.min(column.length - 1, Math.max(0, y + down))];
  const beside = grid[Math.min(grid.length - 1, Math.max(0, x + across))] ?? column;
  return beside[Math.min(beside.length - 1, y)];
}
