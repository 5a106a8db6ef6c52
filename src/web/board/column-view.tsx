/** A column: its title, a way to make tasks in it, and its cards: those in sight are drawn. */
import { useDroppable } from '@dnd-kit/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useSelection } from '../shell/selection.ts';
import { useNow } from '../shell/use-board.ts';
import { type Column, columnTitles, type Shown } from '../state/columns.ts';
import { CardView } from './card-view.tsx';
import { ColumnHead } from './column-head.tsx';
import { useSnippets } from './found.ts';
import { NewTaskForm } from './new-task-form.tsx';
import type { BoardKeys } from './use-board-keys.ts';

interface ColumnProps {
  readonly column: Column;
  readonly keys: BoardKeys;
  /** Shown on narrow screens. */
  readonly isCurrent: boolean;
  /** Why the dragged card cannot come here; null when it can. */
  readonly refusal: string | null | undefined;
}

const cardPx = 76;
const groupPx = 30;
/** Cards drawn out of sight, for those who scroll; in the past each costs at every step. */
const cardsBeyond = { live: 8, past: 2 };
/** Ages on the cards are told in minutes and more, but for those at work. */
const clockMs = { running: 1_000, other: 15_000 };

/** A column with cards. */
export function ColumnView({ column, keys, isCurrent, refusal }: ColumnProps) {
  const { setNodeRef, isOver } = useDroppable({ id: column.key });
  const state = refusal === undefined ? '' : refusal === null ? ' welcome' : ' refused';
  const place = `${isCurrent ? ' current' : ''}${isOver ? ' over' : ''}`;
  return (
    <section
      ref={setNodeRef}
      className={`column ${column.key}${state}${place}`}
      aria-label={`${columnTitles[column.key]}, ${column.count}`}
    >
      <ColumnHead column={column} keys={keys} />
      {keys.creating === column.key && <NewTaskForm column={column.key} keys={keys} />}
      {typeof refusal === 'string' && <p className="refusal">{refusal}</p>}
      <Cards column={column} keys={keys} />
    </section>
  );
}

/** A column without cards takes no more room than its title. */
export function ColumnRail({ column, keys, isCurrent }: ColumnProps) {
  return (
    <section
      className={`column rail ${column.key}${isCurrent ? ' current' : ''}`}
      aria-label={`${columnTitles[column.key]}, empty`}
    >
      <ColumnHead column={column} keys={keys} />
    </section>
  );
}

/** What the board says of a card, beside its task. */
function useCardOf() {
  const { live, pending, canWrite, failureLimit } = useParts();
  const { address, look } = useLooking();
  const { chosen, toggle } = useSelection();
  const open = useCallback((taskId: string) => look({ taskId }), [look]);
  const { runs, refusals } = live.fold();
  const snippetOf = useSnippets();
  return ({ record, status }: Shown) => {
    const { standing } = record.task;
    return {
      ...{ canWrite, failureLimit, open, toggle },
      isOpen: address.taskId === record.taskId,
      isChosen: chosen.has(record.taskId),
      record,
      status,
      run: standing.status === 'running' ? runs.get(standing.claim.runId) : undefined,
      refusals: refusals.get(record.taskId) ?? 0,
      snippet: snippetOf(record),
      isMoving: pending.moves().has(record.taskId),
    };
  };
}

/** Tab reaches one card of each column: the one with the focus, else the first. */
function tabStopOf(rows: readonly Row[], focused: string | undefined): string | undefined {
  const hasFocused = focused !== undefined && rows.some((row) => keyOf(row) === focused);
  const first = rows.find(({ kind }) => kind === 'card');
  return hasFocused ? focused : keyOf(first);
}

type Row =
  | { readonly kind: 'group'; readonly title: string; readonly count: number }
  | { readonly kind: 'card'; readonly shown: Shown; readonly place: number };

function Cards({ column, keys }: Pick<ColumnProps, 'column' | 'keys'>) {
  const rows = useMemo(() => rowsOf(column), [column]);
  const nowMs = useNow(column.key === 'running' ? clockMs.running : clockMs.other);
  const { canWrite } = useParts();
  const scroller = useRef<HTMLDivElement>(null);
  // In the past all cards change at once, and none is dragged: places are filled anew, not moved.
  const keyAt = useCallback(
    (index: number) => (canWrite ? keyOf(rows[index]) : index),
    [rows, canWrite],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'group' ? groupPx : cardPx),
    getItemKey: keyAt,
    overscan: canWrite ? cardsBeyond.live : cardsBeyond.past,
  });
  const cardOf = useCardOf();
  const tabStop = tabStopOf(rows, keys.focused);
  useFollowedFocus({ rows, keys, show: (index) => virtual.scrollToIndex(index), scroller });

  return (
    <div ref={scroller} className="cards">
      <ul style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          const style = { transform: `translateY(${start}px)` };
          if (row === undefined) return null;
          return (
            <li key={key} data-index={index} ref={virtual.measureElement} style={style}>
              {row.kind === 'group' ? (
                <h3>
                  <bdi>{row.title}</bdi> <small>{row.count}</small>
                </h3>
              ) : (
                <CardView
                  {...cardOf(row.shown)}
                  nowMs={nowMs}
                  isMenuOpen={row.shown.record.taskId === keys.menu}
                  isTabStop={row.shown.record.taskId === tabStop}
                  focus={keys.focus}
                  openMenu={keys.openMenu}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface Following {
  readonly rows: readonly Row[];
  readonly keys: BoardKeys;
  readonly show: (index: number) => void;
  readonly scroller: React.RefObject<HTMLElement | null>;
}

/** Where keys have gone, the focus follows, also to a card that was not drawn until now. */
function useFollowedFocus({ rows, keys, show, scroller }: Following): void {
  const { focused, request } = keys;
  const done = useRef(0);
  useEffect(() => {
    if (request === done.current || focused === undefined) return;
    const index = rows.findIndex((row) => keyOf(row) === focused);
    if (index === -1) return;
    done.current = request;
    show(index);
    const find = () => scroller.current?.querySelector<HTMLElement>(`[data-task="${focused}"]`);
    const drawn = find();
    if (drawn) drawn.focus();
    else requestAnimationFrame(() => find()?.focus());
  });
}

function rowsOf({ groups }: Column): readonly Row[] {
  let place = 0;
  return groups.flatMap(({ title, cards }): Row[] => {
    const heading: Row[] = title === null ? [] : [{ kind: 'group', title, count: cards.length }];
    const rows = cards.map((shown): Row => {
      place += 1;
      return { kind: 'card', shown, place };
    });
    return [...heading, ...rows];
  });
}

function keyOf(row: Row | undefined): string {
  if (row === undefined) return '';
  return row.kind === 'group' ? `group ${row.title}` : row.shown.record.taskId;
}
