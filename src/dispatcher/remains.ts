/** What runs left behind that are over: workers that are still attended to. */
import type { Queries } from '../../projections/index.ts';
import type { RemainsView } from './view.ts';
import type { Worker, Workers } from './workers.ts';

/** The remains as they are now; `openIds` are the runs that are not over. */
export function remainsOf(
  workers: Pick<Workers, 'all' | 'see'>,
  queries: Queries,
  { openIds, monoMs }: { openIds: ReadonlySet<string>; monoMs: number },
): RemainsView[] {
  const remains: RemainsView[] = [];
  for (const worker of workers.all()) {
    if (openIds.has(worker.runId)) continue;
    worker.over ??= endOf(worker, queries, monoMs);
    // Spawned a moment ago: the tables do not know of it yet.
    if (worker.over === undefined) continue;
    const { isLeaving, atMonoMs } = worker.over;
    const hasExited = workers.see(worker, false).is === 'ended';
    const sinceMs = Math.round(monoMs - atMonoMs);
    remains.push({ runId: worker.runId, isLeaving, hasExited, sinceMs });
  }
  return remains;
}

function endOf({ runId }: Worker, queries: Queries, atMonoMs: number): Worker['over'] {
  const run = queries.run(runId);
  const hasEnded = run !== undefined && run.outcome !== null;
  return hasEnded ? { isLeaving: run.endedBy?.kind === 'worker', atMonoMs } : undefined;
}
