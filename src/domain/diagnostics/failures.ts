/** Rules about attempts that fail: repeated failures, repeated crashes, the breaker's halt. */
import { cut } from '../limits.ts';
import { failureLimit } from '../policy.ts';
import { failureOutcomes } from '../task/events.ts';
import { actions, type Choice, several, type Trouble } from './finding.ts';
import {
  type Attempt,
  isOpen,
  quietSinceMs,
  type Subject,
  type Surroundings,
  thresholds,
} from './subject.ts';

/** Characters of an error that a sentence quotes. */
const quotedMax = 200;

/** At least as many failures in a row as the board allows, on a task that is tried all the same. */
export function repeatedFailures(subject: Subject, around: Surroundings): Trouble | undefined {
  const { failures, lastError, maxRetries } = subject.task;
  const limit = around.policy.failureLimit;
  if (!isOpen(subject) || subject.status === 'halted' || failures < limit) return undefined;
  const failed = failedAttempts(subject);
  return {
    severity: failures >= 2 * limit ? 'critical' : 'error',
    title: `${several(failures, 'failure')} in a row`,
    detail: because(`The limit of the board is ${limit}.`, lastError),
    evidence: {
      failures,
      limit,
      haltedAt: failureLimit(maxRetries, around.policy).limit,
      ...lastOf(failed),
      lastError: lastError === null ? null : cut(lastError, quotedMax),
    },
    firstSeenAtMs: failed[failures - 1]?.endedAtMs ?? null,
    lastSeenAtMs: failed[0]?.endedAtMs ?? null,
    count: failures,
    actions: actions(
      lookAt(failed[0]),
      [`logboard edit ${subject.taskId} --reset-failures`, 'forgive them: the cause is gone'],
      stop(subject, 'it keeps failing'),
    ),
  };
}

/** The last attempts all crashed; silent where failures or the halt say it already. */
export function repeatedCrashes(subject: Subject, around: Surroundings): Trouble | undefined {
  if (!isOpen(subject) || subject.status === 'halted') return undefined;
  if (repeatedFailures(subject, around) !== undefined) return undefined;
  const other = subject.attempts.findIndex(({ outcome }) => outcome !== 'crashed');
  const crashes = other === -1 ? subject.attempts : subject.attempts.slice(0, other);
  if (crashes.length < thresholds.crashes) return undefined;
  const { lastError } = subject.task;
  return {
    severity: crashes.length >= 2 * thresholds.crashes ? 'critical' : 'error',
    title: `crashed ${crashes.length} times in a row`,
    detail: because('No attempt since has ended in any other way.', lastError),
    evidence: { crashes: crashes.length, ...lastOf(crashes) },
    firstSeenAtMs: crashes.at(-1)?.endedAtMs ?? null,
    lastSeenAtMs: crashes[0]?.endedAtMs ?? null,
    count: crashes.length,
    actions: actions(lookAt(crashes[0]), stop(subject, 'it keeps crashing')),
  };
}

/** The breaker stopped the task, and only a person starts it again. */
export function haltedByBreaker(subject: Subject, { nowMs }: Surroundings): Trouble | undefined {
  const { taskId, task, stoppedAtMs } = subject;
  if (task.standing.status !== 'halted') return undefined;
  const quietMs = nowMs - (quietSinceMs(subject) ?? nowMs);
  const last = failedAttempts(subject)[0];
  const { limit } = task.standing;
  return {
    severity: quietMs >= thresholds.quietMs ? 'critical' : 'error',
    title: `halted after ${several(limit, 'failure')}`,
    detail: because('It is not tried again until somebody resumes it.', task.lastError),
    evidence: { failures: task.failures, limit, haltedAtMs: stoppedAtMs, ...lastOf([last]) },
    firstSeenAtMs: stoppedAtMs,
    lastSeenAtMs: stoppedAtMs,
    count: 1,
    actions: actions(
      [`logboard unblock ${taskId} the cause is gone`, 'try it again, with a clean count'],
      last && lookAt(last),
      [`logboard archive ${taskId} given up`, 'give it up'],
    ),
  };
}

function failedAttempts({ attempts }: Subject): readonly Attempt[] {
  return attempts.filter(({ outcome }) => failureOutcomes.has(outcome));
}

function lastOf([last]: readonly (Attempt | undefined)[]) {
  return { runId: last?.runId ?? null, outcome: last?.outcome ?? null };
}

/** Where to look first depends on how far the worker came. */
function lookAt(last: Attempt | undefined): Choice {
  if (last === undefined || last.outcome === 'spawn_failed') {
    return ['logboard doctor', 'look whether its worker can be started on this machine'];
  }
  return [`logboard log ${last.runId}`, 'read what the last attempt printed'];
}

function stop({ taskId, status }: Subject, why: string): Choice | undefined {
  if (status === 'blocked') return undefined;
  return [`logboard block ${taskId} ${why}`, 'stop trying until somebody unblocks it'];
}

function because(sentence: string, lastError: string | null): string {
  return lastError === null ? sentence : `${sentence} Last: ${cut(lastError, quotedMax)}`;
}
