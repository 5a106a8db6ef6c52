/** The board: columns of cards, moved by hand, by keys or by their menus. */
import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { useState } from 'react';
import { useSpokenMove } from '../parts/use-spoken-move.ts';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useBoard } from '../shell/use-board.ts';
import { type Column, type ColumnKey, columnKeys, columnTitles } from '../state/columns.ts';
import { isFiltering, noFilter } from '../state/filter.ts';
import { type Move, moveTo } from '../state/moves.ts';
import { ColumnRail, ColumnView } from './column-view.tsx';
import { DragFace } from './drag-face.tsx';
import { useBoardKeys } from './use-board-keys.ts';
import { useColumns } from './use-columns.ts';

/** What is being dragged, and where it may go. */
export interface Drag {
  readonly taskId: string;
  readonly from: ColumnKey;
  /** Undefined until the server has answered. */
  readonly moves: readonly Move[] | undefined;
}

/** The board. */
export function BoardView() {
  const columns = useColumns();
  const keys = useBoardKeys(columns);
  const { drag, dnd } = useDrag(columns);
  const [tab, setTab] = useState<ColumnKey>();
  const current = tab ?? columns.find(({ count }) => count > 0)?.key ?? 'ready';
  if (columns.every(({ count }) => count === 0) && !keys.creating) {
    return <Empty onCreate={() => keys.create('ready')} />;
  }

  return (
    <DndContext {...dnd}>
      <Tabs columns={columns} current={current} onChoose={setTab} />
      <section className="board" aria-label="Board">
        {columns
          .filter(({ key, count }) => key !== 'archived' || count > 0)
          .map((column) => {
            const isFolded = column.count === 0 && keys.creating !== column.key;
            const refusal = refusalOf(drag, column.key);
            const look = { isCurrent: column.key === current, refusal };
            if (isFolded && drag === undefined) {
              return <ColumnRail key={column.key} column={column} keys={keys} {...look} />;
            }
            return <ColumnView key={column.key} column={column} keys={keys} {...look} />;
          })}
      </section>
      <DragOverlay dropAnimation={null}>
        {drag !== undefined && <DragFace taskId={drag.taskId} />}
      </DragOverlay>
    </DndContext>
  );
}

function useDrag(columns: readonly Column[]) {
  const { ask } = useParts();
  const move = useSpokenMove();
  const { fold } = useBoard();
  const [drag, setDrag] = useState<Drag>();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  );

  async function begin(taskId: string): Promise<void> {
    const from = columns.find(({ groups }) => groups.some(has(taskId)))?.key ?? 'ready';
    setDrag({ taskId, from, moves: undefined });
    const answer = await ask<{ readonly moves: readonly Move[] }>(`/tasks/${taskId}/moves`);
    const moves = answer.ok ? answer.value.moves : [];
    setDrag((now) => (now?.taskId === taskId ? { ...now, moves } : now));
  }

  function end({ over }: DragEndEvent): void {
    setDrag(undefined);
    const target = columnKeys.find((key) => key === over?.id);
    if (drag === undefined || target === undefined || target === drag.from) return;
    const chosen = moveTo(drag.moves ?? [], target);
    if (chosen?.isLegal && fold.tasks.has(drag.taskId)) void move(chosen.name, drag.taskId);
  }

  const dnd = {
    sensors,
    accessibility: { screenReaderInstructions: { draggable: 'Press m to move this card.' } },
    onDragStart: ({ active }: { active: { id: string | number } }) => void begin(`${active.id}`),
    onDragEnd: end,
    onDragCancel: () => setDrag(undefined),
  };
  return { drag, dnd };
}

function has(taskId: string) {
  return ({ cards }: Column['groups'][number]) =>
    cards.some(({ record }) => record.taskId === taskId);
}

/** Why the dragged card cannot go to a column; null when it can, undefined when none is dragged. */
function refusalOf(drag: Drag | undefined, column: ColumnKey): string | null | undefined {
  if (drag?.moves === undefined || column === drag.from) return undefined;
  const chosen = moveTo(drag.moves, column);
  if (chosen === undefined) return unreachable[column] ?? 'cannot be moved there';
  return chosen.isLegal ? null : (chosen.why ?? 'not now');
}

const unreachable: Readonly<Partial<Record<ColumnKey, string>>> = {
  running: 'a worker has to claim it',
  waiting: 'it waits only for parents and times',
  review: 'its worker asks for a review',
  triage: 'it left triage for good',
};

/** On narrow screens one column is shown at a time. */
function Tabs({ columns, current, onChoose }: TabsProps) {
  return (
    <nav className="tabs" aria-label="Columns">
      {columns
        .filter(({ count }) => count > 0)
        .map(({ key, count }) => (
          <button
            key={key}
            type="button"
            aria-current={key === current}
            onClick={() => onChoose(key)}
          >
            {columnTitles[key]} <small>{count}</small>
          </button>
        ))}
    </nav>
  );
}

interface TabsProps {
  readonly columns: readonly Column[];
  readonly current: ColumnKey;
  readonly onChoose: (key: ColumnKey) => void;
}

function Empty({ onCreate }: { readonly onCreate: () => void }) {
  const { address, look } = useLooking();
  const { fold } = useBoard();
  const isFiltered = isFiltering(address.filter) && fold.tasks.size > 0;
  return (
    <section className="empty">
      <h2>{isFiltered ? 'Nothing matches' : 'Nothing on the board yet'}</h2>
      <p>
        {isFiltered
          ? 'No task says what was searched for.'
          : 'A task is a piece of work for a worker. Give it a title; the rest can follow.'}
      </p>
      {isFiltered ? (
        <button type="button" className="primary" onClick={() => look({ filter: noFilter })}>
          Show all tasks
        </button>
      ) : (
        <button type="button" className="primary" onClick={onCreate}>
          New task <kbd>c</kbd>
        </button>
      )}
    </section>
  );
}
