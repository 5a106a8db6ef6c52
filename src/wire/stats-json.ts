/** The board in figures as programs see it. The names are permanent: a new need is a new field. */
import type { Checkpoint, Queries } from '../../projections/index.ts';
import type { StatusCounts } from '../../projections/stats/queries.ts';
import { statuses } from '../domain/readiness.ts';
import { isoTime } from './iso-time.ts';

/** The counts as they stand at a checkpoint; what is absent is 0. */
export function statsJson(queries: Queries, { position }: Checkpoint, nowMs: number) {
  const { total, byStatus, byAssignee, oldestReadyAgeMs } = queries.stats(nowMs);
  const { '': unassigned = {}, ...named } = byAssignee;
  return {
    total,
    byStatus: all(byStatus),
    byAssignee: Object.fromEntries(Object.entries(named).map(([name, n]) => [name, all(n)])),
    unassigned: all(unassigned),
    oldestReadyAgeMs,
    running: queries.openRunCount(),
    isPaused: queries.board()?.isPaused ?? false,
    position,
    at: isoTime(nowMs),
  };
}

function all(counts: StatusCounts) {
  return Object.fromEntries(statuses.map((status) => [status, counts[status] ?? 0]));
}
