/** Cards in the air: which one, and which columns would take it. */
import { type DragEndEvent, MouseSensor, TouchSensor, useSensor, useSensors } from '@dnd-kit/core';
import { useState } from 'react';
import type { PossibleMove } from '../../domain/task/moves.ts';
import { useSpokenMove } from '../parts/use-spoken-move.ts';
import { useParts } from '../shell/page-context.ts';
import { useBoard } from '../shell/use-board.ts';
import { type Column, type ColumnKey, columnKeys } from '../state/columns.ts';
import { moveTo } from '../state/moves.ts';

/** What is being dragged, and where it may go. */
export interface Drag {
  readonly taskId: string;
  readonly from: ColumnKey;
  /** Undefined until the server has answered. */
  readonly moves: readonly PossibleMove[] | undefined;
}

/** Dragging cards; the server is asked where the card may go as soon as it is lifted. */
export function useDrag(columns: readonly Column[]) {
  const { ask, canWrite } = useParts();
  const move = useSpokenMove();
  const { fold } = useBoard();
  const [drag, setDrag] = useState<Drag>();
  const sensors = useSensors(useSensor(MouseSensor, mouse), useSensor(TouchSensor, touch));

  async function begin(taskId: string): Promise<void> {
    const from = columns.find(({ groups }) => groups.some(has(taskId)))?.key ?? 'ready';
    setDrag({ taskId, from, moves: undefined });
    const answer = await ask<{ readonly moves: readonly PossibleMove[] }>(`/tasks/${taskId}/moves`);
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
    sensors: canWrite ? sensors : noSensors,
    accessibility,
    onDragStart: ({ active }: { active: { id: string | number } }) => void begin(`${active.id}`),
    onDragEnd: end,
    onDragCancel: () => setDrag(undefined),
  };
  return { drag, dnd };
}

// What is made anew at each rendering has every card drawn again.
const mouse = { activationConstraint: { distance: 6 } };
const touch = { activationConstraint: { delay: 250, tolerance: 8 } };
const noSensors: ReturnType<typeof useSensors> = [];
const accessibility = { screenReaderInstructions: { draggable: 'Press m to move this card.' } };

function has(taskId: string) {
  return ({ cards }: Column['groups'][number]) =>
    cards.some(({ record }) => record.taskId === taskId);
}

/** Why the dragged card cannot go to a column; null when it can, undefined when none is dragged. */
export function refusalOf(drag: Drag | undefined, column: ColumnKey): string | null | undefined {
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
