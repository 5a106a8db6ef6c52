/** Why a task stands where it stands: one answer for each status. */
import type { Status } from '../readiness.ts';
import type { Reason } from './explanation.ts';
import type { TaskFacts } from './facts.ts';
import { inTriage, scheduled, waiting } from './queued-tasks.ts';
import { ready } from './ready-tasks.ts';
import { running } from './running-tasks.ts';
import { archived, blocked, done, halted, inReview, tombstoned } from './stopped-tasks.ts';

/** By status; a new one does not compile until it has an answer. */
const reasons: Readonly<Record<Status, (facts: TaskFacts) => Reason>> = {
  triage: inTriage,
  waiting,
  scheduled,
  ready,
  running,
  review: inReview,
  done,
  blocked,
  halted,
  archived,
  tombstoned,
};

/** Why a task stands where it stands. */
export function reasonOfTask(facts: TaskFacts): Reason {
  return reasons[facts.status](facts);
}
