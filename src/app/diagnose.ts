/** What is wrong on a board: finds the tasks the rules may speak about, and lets them speak. */
import type { Queries, SuspectBounds } from '../../projections/index.ts';
import {
  byWorst,
  diagnose,
  type FindingKind,
  findingKinds,
  type TaskFinding,
} from '../domain/diagnostics/diagnose.ts';
import { type Surroundings, thresholds } from '../domain/diagnostics/subject.ts';
import type { Policy } from '../domain/policy.ts';
import { createLanes, type LaneFacts, type Lanes } from './diagnostic-lanes.ts';
import { createSubjects } from './diagnostic-subject.ts';

/** What is asked for, and what the tables do not know. */
export interface DiagnosticRequest extends LaneFacts {
  readonly policy: Pick<Policy, 'failureLimit' | 'defaultAssignee'>;
  /** Only these tasks; default: all with which something may be wrong. */
  readonly taskIds?: readonly string[];
  /** Only findings of these kinds; default: all. */
  readonly kinds?: readonly FindingKind[];
}

/** What was found. */
export interface DiagnosticReport {
  /** The worst first. */
  readonly findings: readonly TaskFinding[];
  /** Kinds with so many suspects that only the first ones were looked at. */
  readonly cut: readonly FindingKind[];
  /** Kinds that need the configuration, where there is none. */
  readonly unchecked: readonly FindingKind[];
}

/** Suspects of one kind that are looked at. */
export const suspectsMax = 500;

const needConfiguration: readonly FindingKind[] = ['assignee_not_found', 'invalid_task_skills'];

/** Diagnoses a board, or some of its tasks; ids of nothing are passed over. */
export function diagnoseTasks(queries: Queries, request: DiagnosticRequest): DiagnosticReport {
  const { kinds = findingKinds, nowMs, policy, workers } = request;
  const lanes = createLanes(queries, request);
  const around: Surroundings = {
    nowMs,
    policy,
    workers,
    isPaused: queries.board()?.isPaused ?? false,
    hasDispatcher: lanes.hasDispatcher,
  };
  const { taskIds, cut } =
    request.taskIds === undefined
      ? suspectsOf(queries, kinds, boundsOf(request, lanes))
      : { taskIds: request.taskIds, cut: [] };
  const subjectOf = createSubjects(queries, lanes, nowMs);
  const findings = taskIds.flatMap((taskId) => {
    const subject = subjectOf(taskId);
    return subject === undefined ? [] : diagnose(subject, around);
  });
  return {
    findings: findings.filter(({ kind }) => kinds.includes(kind)).toSorted(byWorst),
    cut,
    unchecked: workers === null ? needConfiguration.filter((kind) => kinds.includes(kind)) : [],
  };
}

/** The tasks that any of these rules may speak about, each once. */
function suspectsOf(queries: Queries, kinds: readonly FindingKind[], bounds: SuspectBounds) {
  const taskIds = new Set<string>();
  const cut: FindingKind[] = [];
  for (const kind of kinds) {
    const suspects = queries.suspects(kind, bounds);
    for (const taskId of suspects.slice(0, suspectsMax)) taskIds.add(taskId);
    if (suspects.length > suspectsMax) cut.push(kind);
  }
  return { taskIds: [...taskIds], cut };
}

function boundsOf({ nowMs, policy, workers }: DiagnosticRequest, lanes: Lanes): SuspectBounds {
  const skilled = Object.entries(workers ?? {}).flatMap(([assignee, { skills }]) => {
    if (skills === undefined) return [];
    const own = { assignee, skills };
    return assignee === policy.defaultAssignee ? [own, { assignee: null, skills }] : [own];
  });
  return {
    nowMs,
    readySinceMs: nowMs - thresholds.readyMs,
    quietSinceMs: nowMs - thresholds.quietMs,
    unsettledSinceMs: nowMs - thresholds.settleMs,
    cyclesAfterMs: nowMs - thresholds.cyclesWithinMs,
    refusedAfterMs: nowMs - thresholds.refusalsWithinMs,
    failures: policy.failureLimit,
    crashes: thresholds.crashes,
    refusals: thresholds.refusals,
    lostAssignees: lanes.lost(),
    skilled,
    // One more, to know whether there are more.
    limit: suspectsMax + 1,
  };
}
