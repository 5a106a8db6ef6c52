/** A row of `troubles`, and how one event changes it. */

import type { Recorded } from '../../src/domain/catalogue.ts';
import type { Change } from '../../src/domain/change.ts';
import { taskIdsIn } from '../../src/domain/diagnostics/hand-off.ts';
import { thresholds } from '../../src/domain/diagnostics/subject.ts';
import type { RunOutcome, TaskEvent } from '../../src/domain/task/events.ts';
import type { TaskRecord } from '../../src/domain/task/record.ts';
import { tableOf } from '../table.ts';

/** What is remembered of a task because somebody may have to look at it. Times are UTC ms. */
export interface TroubleRow {
  readonly taskId: string;
  /** Since when it is in triage, blocked or halted; null unless it is. */
  readonly stoppedAtMs: number | null;
  /** Attempts in a row that crashed, up to the last one that ended. */
  readonly crashes: number;
  /** When blocks and halts were lifted, oldest first; the last few. */
  readonly releasedAtMs: readonly number[];
  /** The last one but as many as make a cycle of it; null while there are fewer. */
  readonly cyclingAtMs: number | null;
  /** Tasks that its hand-off named and that did not exist then. */
  readonly phantoms: readonly string[];
  /** Archived or removed. */
  readonly isShelved: boolean;
}

/** Every field of a row and its column. */
export const troubleTable = tableOf<TroubleRow>('troubles', {
  taskId: 'plain',
  stoppedAtMs: 'plain',
  crashes: 'plain',
  releasedAtMs: 'json',
  cyclingAtMs: 'plain',
  phantoms: 'json',
  isShelved: 'flag',
});

/** Releases that are remembered of a task. */
const releasesMax = 20;

/** The row of a task with which all is well; such rows are not kept. */
export function untroubled(taskId: string): TroubleRow {
  return {
    taskId,
    stoppedAtMs: null,
    crashes: 0,
    releasedAtMs: [],
    cyclingAtMs: null,
    phantoms: [],
    isShelved: false,
  };
}

/** Whether there is nothing to remember. */
export function isUntroubled(row: TroubleRow): boolean {
  const { stoppedAtMs, crashes, releasedAtMs, phantoms } = row;
  return stoppedAtMs === null && crashes === 0 && releasedAtMs.length + phantoms.length === 0;
}

/** The row after a run of the task ended. */
export function afterRun(row: TroubleRow, outcome: RunOutcome): TroubleRow {
  return { ...row, crashes: outcome === 'crashed' ? row.crashes + 1 : 0 };
}

/** The row after an event of the task's own stream; `exists` tells whether there is a task. */
export function afterEvent(
  row: TroubleRow,
  event: Recorded<TaskEvent>,
  { before, after }: Change<TaskRecord>,
  exists: (taskId: string) => boolean,
): TroubleRow {
  const { status } = after;
  const isNew = before?.status !== status;
  const stoppedAtMs = isNew ? event.meta.at : row.stoppedAtMs;
  const told = {
    ...row,
    stoppedAtMs: stops.has(status) ? stoppedAtMs : null,
    phantoms: changesHandOff(event)
      ? taskIdsIn(after.task.handOff).filter((id) => !exists(id))
      : row.phantoms,
    isShelved: status === 'archived' || status === 'tombstoned',
  };
  if (status === 'done') return { ...told, crashes: 0, releasedAtMs: [], cyclingAtMs: null };
  const isRelease = event.type === 'TaskUnblocked' || event.type === 'TaskResumed';
  return isRelease ? released(told, event.meta.at) : told;
}

const stops: ReadonlySet<TaskRecord['status']> = new Set(['triage', 'blocked', 'halted'] as const);

function changesHandOff(event: TaskEvent): boolean {
  if (event.type !== 'TaskEdited') {
    return event.type === 'TaskCompleted' || event.type === 'ReviewRequested';
  }
  const { summary, result, metadata } = event.data.changes;
  return [summary, result, metadata].some((part) => part !== undefined);
}

function released(row: TroubleRow, atMs: number): TroubleRow {
  const releasedAtMs = [...row.releasedAtMs, atMs].slice(-releasesMax);
  return { ...row, releasedAtMs, cyclingAtMs: releasedAtMs.at(-thresholds.cycles) ?? null };
}
