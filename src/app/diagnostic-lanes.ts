/** Assignees as the diagnostics see them: who works for them, and who was meant. */
import type { Queries } from '../../projections/index.ts';
import { type KnownWorker, type Lane, thresholds } from '../domain/diagnostics/subject.ts';
import type { Policy } from '../domain/policy.ts';
import { byTheLog, type DispatcherProbe, servingOf } from './fleet.ts';

/** What the tables do not know about assignees. */
export interface LaneFacts {
  /** Wall clock, UTC ms. */
  readonly nowMs: number;
  readonly policy: Pick<Policy, 'defaultAssignee'>;
  /** Worker definitions by assignee; null when they are not known. */
  readonly workers: Readonly<Record<string, KnownWorker>> | null;
  /** Sees processes of dispatchers; left out, only the log tells of them. */
  readonly probeDispatcher?: DispatcherProbe;
  /** The known word that was probably meant. */
  readonly nearest: (word: string, known: readonly string[]) => string | undefined;
}

/** The assignees of a board, each looked up once. */
export interface Lanes {
  /** A dispatcher has started and not said goodbye, nor is it known to be dead. */
  readonly hasDispatcher: boolean;
  /** The lane of a task with this assignee; null: of whoever gets such tasks by default. */
  of(assignee: string | null): Lane;
  /** The assignees of tasks that nobody works for; null among them stands for nobody assigned. */
  lost(): readonly (string | null)[];
}

/** The lanes at this moment. */
export function createLanes(queries: Queries, facts: LaneFacts): Lanes {
  const { nearest, nowMs, policy, workers, probeDispatcher = byTheLog } = facts;
  const serving = servingOf(queries.servingDispatchers(), probeDispatcher);
  const served = new Set(serving.flatMap(({ assignees }) => assignees));
  const defined = Object.keys(workers ?? {});
  const lanes = new Map<string | null, Lane>();

  function of(assignee: string | null): Lane {
    const name = assignee ?? policy.defaultAssignee;
    const lane = lanes.get(name) ?? laneOf(name);
    lanes.set(name, lane);
    return lane;
  }

  function laneOf(assignee: string | null): Lane {
    if (assignee === null) return nobody;
    const isKnown = defined.includes(assignee);
    return {
      assignee,
      lastClaimAtMs: queries.lastClaimAtMs(assignee) ?? null,
      isServed: served.has(assignee),
      meant: isKnown ? null : (nearest(assignee, defined) ?? null),
    };
  }

  function isLost(assignee: string | null): boolean {
    const { assignee: name, isServed, lastClaimAtMs } = of(assignee);
    if (name === null || isServed || defined.includes(name)) return false;
    return lastClaimAtMs === null || nowMs - lastClaimAtMs >= thresholds.laneMs;
  }

  function lost(): readonly (string | null)[] {
    if (workers === null) return [];
    const named = queries.assignees(nowMs).map(({ assignee }) => assignee);
    return [...named, null].filter(isLost);
  }

  return { hasDispatcher: serving.length > 0, of, lost };
}

const nobody: Lane = { assignee: null, lastClaimAtMs: null, isServed: false, meant: null };
