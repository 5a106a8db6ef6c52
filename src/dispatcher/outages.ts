/** What the latest failures of assignees say about who may be started; see `domain/outage.ts`. */
import type { Queries } from '../../projections/index.ts';
import type { Board } from '../app/board.ts';
import type { JsonObject } from '../domain/limits.ts';
import { findOutage, type Outage, placesDuring } from '../domain/outage.ts';
import type { Policy } from '../domain/policy.ts';
import type { OutageView } from './view.ts';
import { type WorkerDefinition, workersMax } from './worker-definition.ts';

/** What is doubtful: assignees, or the tasks they failed on. */
export interface Doubts {
  /** The assignees that are out. */
  readonly outages: ReadonlyMap<string, Outage>;
  /** Tasks that failed, the last one with the highest figure; see `ReadyTask.suspicion`. */
  readonly suspicions: ReadonlyMap<string, number>;
}

/** Looks at how the runs of these assignees ended lately. */
export function lookForDoubts(
  queries: Pick<Queries, 'codedEndings'>,
  assignees: readonly string[],
  policy: Policy,
): Doubts {
  const outages = new Map<string, Outage>();
  const suspicions = new Map<string, number>();
  for (const assignee of assignees) {
    const endings = queries.codedEndings(assignee);
    const outage = findOutage(endings, policy);
    if (outage !== undefined) outages.set(assignee, outage);
    for (const [index, { taskId }] of endings.entries()) suspicions.set(taskId, index + 1);
  }
  return { outages, suspicions };
}

/** How many workers an assignee may have at once; Infinity when nothing limits it. */
export function placesOf(
  definition: Pick<WorkerDefinition, 'max'>,
  policy: Policy,
  now: { readonly outage: Outage | undefined; readonly nowMs: number },
): number {
  return now.outage === undefined
    ? workersMax(definition, policy)
    : placesDuring(now.outage, now.nowMs);
}

/** The outage that excuses a failure of an assignee, as far as the tables know, as evidence. */
export function excuseOf(
  { projections, policy }: Pick<Board, 'projections' | 'policy'>,
  assignee: string | null,
): JsonObject | undefined {
  const endings = assignee === null ? [] : projections.queries.codedEndings(assignee);
  const outage = findOutage(endings, policy());
  if (outage === undefined) return undefined;
  const { outcome, code, tasks, sinceMs: sinceAtMs } = outage;
  return { outcome, code, tasks, sinceAtMs };
}

/** A cap, and how many have places already. */
export type CapReached = { readonly cap: number; readonly running: number };

/**
 * Two dispatchers may each see the last free place of an assignee and claim a task for it. The
 * order of their claims in the log decides: whoever is beyond the cap gives back before starting.
 * Answers the cap and how many were there first; undefined for whoever may start.
 */
export async function capReached(
  board: Pick<Board, 'read' | 'policy' | 'nowMs' | 'projections'>,
  claim: { assignee: string; runId: string; definition: Pick<WorkerDefinition, 'max'> },
): Promise<CapReached | undefined> {
  const { assignee, runId, definition } = claim;
  const places = (queries: Queries) => {
    const outage = findOutage(queries.codedEndings(assignee), board.policy());
    return placesOf(definition, board.policy(), { outage, nowMs: board.nowMs() });
  };
  // Catching up is worth it only where there is a cap to keep.
  if (places(board.projections.queries) === Number.POSITIVE_INFINITY) return undefined;
  const queries = await board.read();
  const open = queries.openRuns().filter((run) => run.assignee === assignee);
  const running = open.findIndex((run) => run.runId === runId);
  const cap = places(queries);
  return running >= cap ? { cap, running } : undefined;
}

/** Outages as the plan sees them: without a clock. */
export function outageViews({ outages }: Doubts, nowMs: number): OutageView[] {
  return [...outages].map(([assignee, { outcome, code, tasks, probeAtMs }]) => {
    const why = `it failed on ${tasks} tasks (${outcome.replaceAll('_', ' ')}, ${code})`;
    return { assignee, why, probeInMs: probeAtMs - nowMs };
  });
}
