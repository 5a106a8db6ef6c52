/** Which leftovers of runs and tasks stay where they are, and why. */
import type { Queries } from '../../projections/index.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { Leftover } from './upkeep.ts';

/**
 * Why a leftover stays: its run or task goes on, is over for too short a time, or is none that the
 * board knows.
 */
export type KeptBecause = 'open' | 'recent' | 'unknown';

/** The moment before which a run or task has to be over, and now, UTC ms. */
export interface Cutoff {
  readonly beforeMs: number;
  readonly nowMs: number;
}

/** Undefined of what may go: its run or task is known, and over for long enough. */
export function keptBecause(
  { kind, owner }: Leftover,
  queries: Queries,
  { beforeMs, nowMs }: Cutoff,
): KeptBecause | undefined {
  const run = queries.run(owner);
  const task = queries.task(run?.taskId ?? owner, nowMs);
  if (run !== undefined && run.endedAtMs === null) return 'open';
  if (run !== undefined && run.endedAtMs !== null && run.endedAtMs >= beforeMs) return 'recent';
  if (kind === 'run_files') return run === undefined ? 'unknown' : undefined;
  if (task === undefined) return 'unknown';
  if (!isOver(task)) return 'open';
  return task.updatedAtMs < beforeMs ? undefined : 'recent';
}

function isOver({ status }: TaskRow): boolean {
  return status === 'done' || status === 'archived' || status === 'tombstoned';
}

/** How many stay for each reason. */
export type Kept = Readonly<Record<KeptBecause, number>>;

/** Counts them. */
export function countKept(reasons: readonly (KeptBecause | undefined)[]): Kept {
  const of = (reason: KeptBecause) => reasons.filter((each) => each === reason).length;
  return { open: of('open'), recent: of('recent'), unknown: of('unknown') };
}

const words: Readonly<Record<KeptBecause, string>> = {
  open: 'of runs or tasks that go on',
  recent: 'not old enough',
  unknown: 'of nothing that this board knows',
};

/** `kept 3: 2 of runs or tasks that go on, 1 not old enough`; nothing where none stays. */
export function keptLines(kept: Kept): readonly string[] {
  const reasons = (['open', 'recent', 'unknown'] as const).filter((each) => kept[each] > 0);
  const total = reasons.reduce((sum, each) => sum + kept[each], 0);
  const shares = reasons.map((each) => `${kept[each]} ${words[each]}`);
  return total === 0 ? [] : [`kept ${total}: ${shares.join(', ')}`];
}
