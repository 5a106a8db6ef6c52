/** Why a run ended by a word: its worker's, a person's, or an exit code that stands for one. */
import type { Json } from '../limits.ts';
import { said } from '../said.ts';
import { type Ended, type EndedRun, ended, figures, rule } from './ended-run.ts';
import type { Reason, Rule } from './explanation.ts';
import { openingOf } from './facts.ts';
import { because, nameOf, quoted } from './saying.ts';

/** The work is done, or waits for somebody to look at it. */
export function completed(facts: Ended<'RunCompleted'>): Reason {
  const { ending, name } = facts;
  const { summary, review } = ending.data;
  const what = isRecord(facts) ? 'keeps the record of a completion' : 'completed';
  return ended(facts, {
    headline: because(`${name} ${what}${review ? ' and asked for a review' : ''}`, summary),
    rule: wordOf(facts, 'the work is done', { review }),
    prevention: [],
    unknown: unknownExit(facts),
  });
}

/** It could not go on until somebody else acts. */
export function blocked(facts: Ended<'RunBlocked'>): Reason {
  const { ending, name, story } = facts;
  const { cause, reason } = ending.data;
  const what = isRecord(facts) ? 'keeps the record of a block' : 'stopped and waits for somebody';
  return ended(facts, {
    headline: because(`${name} ${what} (${cause.replace('_', ' ')})`, reason),
    rule: wordOf(facts, 'somebody else has to act first', { cause }),
    prevention: [`answer it, then \`logboard unblock ${story.taskId}\``],
    unknown: unknownExit(facts),
  });
}

/** Given back unfinished. */
export function released(facts: Ended<'RunReleased'>): Reason {
  const { ending, name } = facts;
  return ended(facts, {
    headline: because(`${name} was given back unfinished`, ending.data.reason),
    rule: wordOf(facts, 'the task is free for others'),
    prevention: ['a worker that can do such tasks; it said why it could not, or it did not'],
    unknown: [
      ...unknownExit(facts),
      ending.data.reason === undefined ? 'why it was given back: nothing was said' : undefined,
    ],
  });
}

/** The task moved on without its run, or a dispatcher had one worker too many. */
export function canceled(facts: Ended<'RunCanceled'>): Reason {
  const { ending, name, story } = facts;
  const { actor, commandId } = ending.meta;
  const isCap = actor.kind === 'dispatcher';
  const moved = story.events.find(({ meta }) => meta.commandId === commandId);
  const text = isCap
    ? 'two dispatchers saw the last free place: who claimed later gives back before it starts'
    : `a task that is moved on ends its run: ${moved?.type ?? 'the same command'}`;
  return ended(facts, {
    headline: because(`${name} was canceled by ${nameOf(actor)}`, ending.data.reason),
    rule: rule(isCap ? 'over_cap' : 'task_moved_on', text, {
      ...figures(facts),
      reason: quoted(ending.data.reason),
      ...(moved === undefined ? {} : { movedAt: moved.position }),
      ...said({ cap: ending.data.evidence?.['cap'], running: ending.data.evidence?.['running'] }),
    }),
    prevention: isCap ? ['nothing was lost: the task was ready again at once'] : [],
    unknown: isCap ? unknownCap(facts) : [],
  });
}

function unknownCap({ ending }: Ended<'RunCanceled'>): readonly (string | undefined)[] {
  return [
    ending.data.evidence === undefined ? 'how many workers it had, and might have' : undefined,
  ];
}

/** A zero-length run that a person's word left behind. */
function isRecord({ run }: EndedRun): boolean {
  return openingOf(run)?.data.kind === 'record';
}

function wordOf(facts: EndedRun, meaning: string, also: Record<string, Json> = {}): Rule {
  const { actor } = facts.ending.meta;
  const { exit, means, meansFrom } = facts.evidence;
  const inputs = { ...figures(facts), ...also };
  if (actor.kind === 'dispatcher') {
    const code = exit ?? 'its exit code';
    const from = meansFrom === 'default' ? '' : ', as its worker definition says';
    return rule('exit_means', `${code} means ${means ?? meaning}${from}`, inputs);
  }
  const isWorker = actor.kind === 'worker' || actor.id === facts.run.runId;
  const whose = isWorker ? 'its worker said so' : `${nameOf(actor)} said so`;
  return rule(isWorker ? 'said_by_worker' : 'said_by_person', `${whose}: ${meaning}`, inputs);
}

/** Older programs did not record which exit code stood for the answer. */
function unknownExit({ ending, evidence }: EndedRun): readonly (string | undefined)[] {
  const isMissing = ending.meta.actor.kind === 'dispatcher' && evidence.exit === undefined;
  return [isMissing ? 'its exit code: the event does not carry it' : undefined];
}
