/** Why a task is not in the queue: reviewed, done, blocked, halted, put away. */

import type { Recorded } from '../catalogue.ts';
import { several } from '../diagnostics/finding.ts';
import type { Budget } from '../task/budget.ts';
import { rule } from './ended-run.ts';
import type { Reason, Sighting } from './explanation.ts';
import { latest, type RecordedOf, type TaskFacts, type TaskStory } from './facts.ts';
import { because, deciderOf, nameOf, sighting } from './saying.ts';

/** A person has to look at it. */
export function inReview({ story }: TaskFacts): Reason {
  const event = latest(story, ['ReviewRequested']);
  return {
    headline: because('waits for a person to look at the work', event?.data.summary),
    rule: rule(
      'review_asked',
      'work that was handed in for review counts as done once a person approves it',
    ),
    seen: [
      ...earlierAttempts(story, event),
      ...(event === undefined ? [] : [sighting('a review was asked for', event)]),
    ],
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: [
      `\`logboard review ${story.taskId} --approve\`, or \`--reject --reason …\``,
      'a worker that completes without `--review`',
    ],
    unknown: [],
  };
}

/** It is done. */
export function done({ story }: TaskFacts): Reason {
  const event = latest(story, ['TaskCompleted', 'ReviewApproved']);
  const by = event === undefined ? '' : ` by ${nameOf(event.meta.actor)}`;
  const isApproved = event?.type === 'ReviewApproved';
  const text = isApproved ? `approved${by}` : `completed${by}`;
  const words = isApproved ? event.data.reason : event?.data.summary;
  return {
    headline: because(`done: ${text}`, words),
    rule: doneRule(event),
    seen: [
      ...earlierAttempts(story, event),
      ...(event === undefined ? [] : [sighting(text, event)]),
    ],
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: [`\`logboard reopen ${story.taskId}\` puts it back into the queue`],
    unknown: event === undefined ? ['who completed it: that event was not read'] : [],
  };
}

function doneRule(event: RecordedOf<'TaskCompleted' | 'ReviewApproved'> | undefined) {
  if (event?.type === 'ReviewApproved')
    return rule('review_approved', 'a person accepted the work');
  switch (event?.meta.actor.kind) {
    case 'dispatcher':
      return rule('exit_means', 'the exit code of its worker means that the work is done');
    case 'worker':
      return rule('said_by_worker', 'the worker of its run said that the work is done');
    default:
      return rule('said_by_person', 'somebody who holds no run of it said that it is done');
  }
}

/** Somebody else has to act first. */
export function blocked({ story, task }: TaskFacts): Reason {
  const event = latest(story, ['TaskBlocked', 'TaskCreated']);
  const by = event === undefined ? 'somebody' : nameOf(event.meta.actor);
  const { standing } = task;
  const [cause, reason] =
    standing.status === 'blocked' ? [standing.cause, standing.reason] : ['', ''];
  const kind = event?.meta.actor.kind;
  const name =
    kind === 'worker' ? 'said_by_worker' : kind === 'dispatcher' ? 'exit_means' : 'said_by_person';
  return {
    headline: because(`blocked by ${by} (${cause.replace('_', ' ')})`, reason),
    rule: rule(
      name,
      'what is blocked stays so until somebody unblocks it, whatever its parents do',
      { cause },
    ),
    seen: event === undefined ? [] : [sighting(because('blocked', reason), event)],
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: [`\`logboard unblock ${story.taskId}\` once that is answered`],
    unknown: event === undefined ? ['who blocked it: that event was not read'] : [],
  };
}

const budgetWords: Readonly<Record<Budget, readonly [noun: string, key: string]>> = {
  failures: ['failure', 'failureLimit'],
  recoveries: ['run taken back', 'recoveryLimit'],
  releases: ['run given back', 'releaseLimit'],
  holds: ['run held', 'holdLimit'],
};

/** The breaker stopped it. */
export function halted({ story, task }: TaskFacts): Reason {
  const event = latest(story, ['TaskHalted']);
  const budget = task.standing.status === 'halted' ? task.standing.budget : 'failures';
  const limit = task.standing.status === 'halted' ? task.standing.limit : 0;
  const count = { failures: task.failures, ...task.interruptions }[budget];
  const [noun, key] = budgetWords[budget];
  const from = event?.data.limitFrom === 'task' ? 'its own limit' : `policy ${key}`;
  const lastError = event?.data.lastError ?? task.lastError ?? undefined;
  return {
    headline: because(
      `halted by the breaker after ${severalOf(count, noun)} in a row; last`,
      lastError,
    ),
    rule: rule(
      'breaker',
      `${severalOf(count, noun)} in a row ${count > limit ? '>' : '='} limit ${limit} (${from})`,
      {
        budget,
        count,
        limit,
        limitFrom: event?.data.limitFrom ?? null,
        failures: task.failures,
        ...task.interruptions,
      },
    ),
    seen: attemptsSeen(story, event),
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: [
      ...(event === undefined
        ? []
        : [`\`logboard log ${event.data.runId}\` has what the last attempt printed`]),
      `\`logboard unblock ${story.taskId}\` tries again with a clean count, once the cause is gone`,
    ],
    unknown: event === undefined ? ['which attempts were counted: those events were not read'] : [],
  };
}

/** `2 failures`, `5 runs taken back`. */
function severalOf(n: number, noun: string): string {
  const [first = '', ...rest] = noun.split(' ');
  return [several(n, first), ...rest].join(' ');
}

/** How the last attempts ended that the breaker counted, oldest first. */
function attemptsSeen(
  story: TaskStory,
  halt: RecordedOf<'TaskHalted'> | undefined,
): readonly Sighting[] {
  if (halt === undefined) return [];
  const since = latest(story, clearing, halt.position);
  const counted = earlierAttempts(story, halt).filter(
    ({ position }) => position !== null && position > (since?.position ?? 0),
  );
  return [...counted, sighting(because(`${halt.data.runId} ended`, halt.data.lastError), halt)];
}

/** What clears the counts against a task. */
const clearing = ['TaskCompleted', 'TaskResumed', 'FailuresReset', 'ReviewRequested'] as const;

/** Attempts an answer names one by one. */
const attemptsShown = 3;

/** The last attempts before an event that ended without success, oldest first. */
function earlierAttempts(story: TaskStory, event: Recorded | undefined): readonly Sighting[] {
  const back = story.events.filter(
    ({ type, position }) => type === 'TaskRequeued' && position < (event?.position ?? 0),
  ) as readonly RecordedOf<'TaskRequeued'>[];
  return back
    .slice(-attemptsShown)
    .map((each) => sighting(because(`${each.data.runId} ended`, each.data.error), each));
}

/** Put away. */
export function archived({ story, task }: TaskFacts): Reason {
  const event = latest(story, ['TaskArchived']);
  const { standing } = task;
  const before = standing.status === 'archived' ? standing.before.status : 'unknown';
  return {
    headline: because(
      `put away by ${event === undefined ? 'somebody' : nameOf(event.meta.actor)}`,
      event?.data.reason,
    ),
    rule: rule('put_away', `what is archived is not worked on; it stood at ${before}`, { before }),
    seen: event === undefined ? [] : [sighting('archived', event)],
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: [`\`logboard archive --restore ${story.taskId}\` brings it back to ${before}`],
    unknown: unsaid(event),
  };
}

/** Removed from sight for good. */
export function tombstoned({ story }: TaskFacts): Reason {
  const event = latest(story, ['TaskTombstoned']);
  const forgotten = event?.data.forgotten;
  const what =
    forgotten === undefined ? 'removed for good' : 'removed for good, its text forgotten,';
  return {
    headline: because(
      `${what} by ${event === undefined ? 'somebody' : nameOf(event.meta.actor)}`,
      forgotten === undefined ? event?.data.reason : forgotten.reason,
    ),
    rule: rule('removed', 'what was removed never comes back; its events stay in the log'),
    seen: event === undefined ? [] : [sighting('removed', event)],
    decidedBy: event === undefined ? null : deciderOf(event),
    prevention: ['a new task; this one cannot be brought back'],
    unknown: unsaid(event),
  };
}

function unsaid(
  event: RecordedOf<'TaskArchived' | 'TaskTombstoned'> | undefined,
): readonly string[] {
  const forgotten = event?.type === 'TaskTombstoned' ? event.data.forgotten : undefined;
  return (forgotten ?? event?.data)?.reason === undefined ? ['why: nobody said'] : [];
}
