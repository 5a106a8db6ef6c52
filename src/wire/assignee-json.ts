/** Who has work, as programs see it. These names are permanent: a new need is a new field. */
import type { AssigneeRow } from '../../projections/stats/queries.ts';
import type { Config } from '../config.ts';
import { statuses } from '../domain/readiness.ts';

/** The JSON of an assignee, with whether a worker is defined for it. */
export function assigneeJson(
  { assignee, byStatus, running }: AssigneeRow,
  workers: Config['workers'],
) {
  const counts = Object.fromEntries(statuses.map((status) => [status, byStatus[status] ?? 0]));
  return { assignee, isDefined: assignee in workers, running, byStatus: counts };
}

/** Workers that are defined and have nothing to do yet belong to the picture. */
export function withDefined(
  rows: readonly AssigneeRow[],
  workers: Config['workers'],
): readonly AssigneeRow[] {
  const known = new Set(rows.map((row) => row.assignee));
  const idle = Object.keys(workers).filter((name) => !known.has(name));
  const added = idle.map((assignee) => ({ assignee, byStatus: {}, running: 0 }));
  return [...rows, ...added].sort((a, b) => (a.assignee < b.assignee ? -1 : 1));
}
