/** Rules about tasks that stand still until somebody acts: blocked, in triage, behind a parent. */
import { actions, type Choice, several, type Trouble } from './finding.ts';
import {
  type OpenParent,
  quietSinceMs,
  type Subject,
  type Surroundings,
  thresholds,
} from './subject.ts';

/** Blocked, and for a day nobody has said anything about it. */
export function stuckInBlocked(subject: Subject, { nowMs }: Surroundings): Trouble | undefined {
  const { taskId, task, stoppedAtMs, lastCommentAtMs } = subject;
  const { standing } = task;
  const quietMs = nowMs - (quietSinceMs(subject) ?? nowMs);
  if (standing.status !== 'blocked' || quietMs < thresholds.quietMs) return undefined;
  return {
    severity: 'warning',
    title: `blocked (${standing.cause}), and nobody answers`,
    detail: `It waits for this: ${standing.reason}`,
    evidence: { cause: standing.cause, blockedAtMs: stoppedAtMs, lastCommentAtMs, quietMs },
    firstSeenAtMs: stoppedAtMs,
    lastSeenAtMs: stoppedAtMs,
    count: 1,
    actions: actions(
      [`logboard unblock ${taskId}`, 'lift the block'],
      [`logboard comment ${taskId} I am on it`, 'say that somebody looks at it'],
      [`logboard archive ${taskId} given up`, 'give it up'],
    ),
  };
}

/** Blocked or halted, released, and stopped again, several times within a day. */
export function blockUnblockCycling(
  { taskId, status, releasedAtMs }: Subject,
  { nowMs }: Surroundings,
): Trouble | undefined {
  const lately = releasedAtMs.filter((atMs) => atMs > nowMs - thresholds.cyclesWithinMs);
  const isOver = status === 'done' || status === 'archived' || status === 'tombstoned';
  if (isOver || lately.length < thresholds.cycles) return undefined;
  const canBlock = ['triage', 'waiting', 'scheduled', 'ready', 'running'].includes(status);
  return {
    severity: 'warning',
    title: `stopped and released ${lately.length} times within a day`,
    detail: 'Releasing it does not help: whatever stops it is still there.',
    evidence: { releasedAtMs: lately },
    firstSeenAtMs: lately[0] ?? null,
    lastSeenAtMs: lately.at(-1) ?? null,
    count: lately.length,
    actions: actions(
      [`logboard timeline ${taskId}`, 'read who stops it, and why'],
      canBlock
        ? [`logboard block ${taskId} it goes in circles`, 'stop it until the cause is found']
        : undefined,
    ),
  };
}

/** In triage for a day, and nobody has specified it. */
export function triageUnattended(subject: Subject, { nowMs }: Surroundings): Trouble | undefined {
  const { taskId, status, stoppedAtMs, lastCommentAtMs } = subject;
  const quietMs = nowMs - (quietSinceMs(subject) ?? nowMs);
  if (status !== 'triage' || quietMs < thresholds.quietMs) return undefined;
  return {
    severity: 'warning',
    title: 'in triage, and nobody specifies it',
    detail: 'Nothing happens to it until somebody says what is to be done.',
    evidence: { triageAtMs: stoppedAtMs, lastCommentAtMs, quietMs },
    firstSeenAtMs: stoppedAtMs,
    lastSeenAtMs: stoppedAtMs,
    count: 1,
    actions: actions(
      [`logboard edit ${taskId} --specify`, 'into the queue as it is; --body says more'],
      [`logboard archive ${taskId} not wanted`, 'put it away'],
    ),
  };
}

/** A parent that it waits for will not be done by itself: shelved, halted, or stuck in a block. */
export function parentNeverDone(
  { taskId, status, openParents }: Subject,
  { nowMs }: Surroundings,
): Trouble | undefined {
  if (status !== 'waiting') return undefined;
  const dead = openParents.filter((parent) => isShelved(parent) || isStopped(parent, nowMs));
  if (dead.length === 0) return undefined;
  const names = dead.slice(0, namedMax).map((parent) => `${parent.taskId} (${parent.status})`);
  return {
    severity: dead.some(isShelved) ? 'error' : 'warning',
    title: `waits for ${several(dead.length, 'parent')} that will not be done`,
    detail: `Somebody has to act on ${names.join(', ')}, or the task waits for ever.`,
    evidence: { parents: dead.map((parent) => ({ ...parent })) },
    firstSeenAtMs: null,
    lastSeenAtMs: null,
    count: dead.length,
    actions: actions(
      ...dead.slice(0, namedMax).map((parent) => revive(parent, taskId)),
      [`logboard promote ${taskId} --force`, 'go on without any of its open parents'],
      [`logboard archive ${taskId} given up`, 'give it up as well'],
    ),
  };
}

/** Parents named in a sentence and in the actions. */
const namedMax = 3;

function isShelved({ status }: OpenParent): boolean {
  return status === 'archived' || status === 'tombstoned';
}

function isStopped({ status, stoppedAtMs }: OpenParent, nowMs: number): boolean {
  if (status !== 'blocked') return status === 'halted';
  return nowMs - (stoppedAtMs ?? nowMs) >= thresholds.quietMs;
}

function revive(parent: OpenParent, childId: string): Choice {
  if (!isShelved(parent)) return [`logboard unblock ${parent.taskId}`, 'start the parent again'];
  return [`logboard unlink ${parent.taskId} ${childId}`, 'wait for that parent no longer'];
}
