/** All rules, and what they say about a task. Pure: everything they look at comes in. */
import { refusedWrites, staleRunningClaim } from './claims.ts';
import { haltedByBreaker, repeatedCrashes, repeatedFailures } from './failures.ts';
import { type Severity, severities, type Trouble } from './finding.ts';
import { phantomTaskReference } from './hand-off.ts';
import { assigneeNotFound, invalidTaskSkills, strandedInReady } from './queue.ts';
import {
  blockUnblockCycling,
  parentNeverDone,
  stuckInBlocked,
  triageUnattended,
} from './standstill.ts';
import type { Subject, Surroundings } from './subject.ts';

/** A rule: how bad what it finds can be, and how it is found. */
interface Rule {
  readonly severities: readonly Severity[];
  readonly find: (subject: Subject, around: Surroundings) => Trouble | undefined;
}

/** The rules by the kind of their findings. These names are permanent. */
export const rules = {
  stale_running_claim: { severities: ['error'], find: staleRunningClaim },
  halted_by_breaker: { severities: ['error', 'critical'], find: haltedByBreaker },
  repeated_failures: { severities: ['error', 'critical'], find: repeatedFailures },
  repeated_crashes: { severities: ['error', 'critical'], find: repeatedCrashes },
  stranded_in_ready: { severities: ['warning', 'error', 'critical'], find: strandedInReady },
  assignee_not_found: { severities: ['warning', 'error'], find: assigneeNotFound },
  invalid_task_skills: { severities: ['error'], find: invalidTaskSkills },
  parent_never_done: { severities: ['warning', 'error'], find: parentNeverDone },
  stuck_in_blocked: { severities: ['warning'], find: stuckInBlocked },
  triage_unattended: { severities: ['warning'], find: triageUnattended },
  block_unblock_cycling: { severities: ['warning'], find: blockUnblockCycling },
  refused_writes: { severities: ['warning', 'error'], find: refusedWrites },
  phantom_task_reference: { severities: ['warning'], find: phantomTaskReference },
} as const satisfies Readonly<Record<string, Rule>>;

export type FindingKind = keyof typeof rules;

/** The kinds of findings. */
export const findingKinds = Object.keys(rules) as readonly FindingKind[];

/** Something that is wrong with a task, and what can be done about it. */
export interface TaskFinding extends Trouble {
  readonly kind: FindingKind;
  readonly taskId: string;
}

/** Everything that is wrong with a task, the worst first. */
export function diagnose(subject: Subject, around: Surroundings): readonly TaskFinding[] {
  const findings = findingKinds.flatMap((kind) => {
    const trouble = rules[kind].find(subject, around);
    return trouble === undefined ? [] : [{ kind, taskId: subject.taskId, ...trouble }];
  });
  return findings.toSorted(byWorst);
}

/** Puts the worse finding first; those that are as bad keep their order. */
export function byWorst(one: TaskFinding, other: TaskFinding): number {
  return severities.indexOf(other.severity) - severities.indexOf(one.severity);
}
