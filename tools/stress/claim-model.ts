/**
 * Who holds a task, as it would be if one deed came after the other. It shares nothing with the
 * deciders but the arithmetic of the backoff, and it is all that a history of claims is held
 * against.
 *
 * Holds go by the wall clock. At which moment between its invocation and its answer a process
 * looked at it, nobody knows; so the end of a hold is known as closely as that, and an answer is
 * right when it was right at some such moment.
 */
import { type Policy, retryDelayMs } from '../../src/domain/policy.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';
import type { Model } from './linearize.ts';

/** What is done to a task or, by a worker, to a run. */
export type DeedName =
  | 'claim'
  | 'heartbeat'
  | 'complete'
  | 'block'
  | 'release'
  | 'reclaim'
  | 'unblock'
  | 'archive';

/** What somebody wanted. */
export interface Deed {
  readonly name: DeedName;
  readonly taskId: string;
  /** The run that a claim opens, or that is written to. */
  readonly runId?: string;
  /** The run whose token a worker shows. */
  readonly tokenOf?: string;
}

/** What the board said to it. */
export type Answer = 'accepted' | RefusalCode;

/** A deed and the answer to it, which is undefined when none came; moments are UTC ms. */
export interface Answered extends Deed {
  readonly askedAtMs: number;
  readonly answer: Answer | undefined;
  readonly answeredAtMs: number | undefined;
}

/** Where a task stands. */
export interface Standing {
  /** The run that holds it; or where it rests: queued, blocked, halted, done, archived. */
  readonly holder: string;
  /** Runs that were taken from it and given back, since a person's word. */
  readonly counts: { readonly recoveries: number; readonly releases: number };
  /** When its turn comes at the earliest, UTC ms: at the first moment, at the last, or between. */
  readonly hold: { readonly first: number; readonly last: number } | undefined;
}

const noCounts = { recoveries: 0, releases: 0 };
const resting = ['queued', 'blocked', 'halted', 'done', 'archived'];

/** One task, from its creation, on a board with these rules. */
export function createClaimModel(rules: Policy): Model<Standing, Answered> {
  const effects = createEffects(rules);
  return {
    start: { holder: 'queued', counts: noCounts, hold: undefined },
    // What was not answered may have happened; that it did not is the search's own business.
    step: (task, deed) => {
      const { name, answer = 'accepted' } = deed;
      if (answer === 'accepted') return effects[name](task, deed);
      return reasons[answer]?.(task, deed) === true ? task : undefined;
    },
    keyOf: ({ holder, counts, hold }) =>
      [holder, counts.recoveries, counts.releases, hold?.first, hold?.last].join(' '),
  };
}

type Effect = (task: Standing, deed: Answered) => Standing | undefined;

function createEffects(rules: Policy): Readonly<Record<DeedName, Effect>> {
  const limits = { recoveries: rules.recoveryLimit, releases: rules.releaseLimit };

  /** Back to the queue, after a wait that grows; or halted, when there were too many. */
  function comeBack(task: Standing, kind: keyof typeof limits, deed: Answered): Standing {
    const { runId = '', askedAtMs, answeredAtMs = Number.POSITIVE_INFINITY } = deed;
    const count = task.counts[kind] + 1;
    const counts = { ...task.counts, [kind]: count };
    if (count >= limits[kind]) return { holder: 'halted', counts, hold: undefined };
    // Whoever was lost once comes back at once.
    const waits = kind === 'recoveries' ? count - 1 : count;
    if (waits === 0) return { holder: 'queued', counts, hold: undefined };
    const delayMs = retryDelayMs(waits, runId, rules);
    const hold = { first: askedAtMs + delayMs, last: answeredAtMs + delayMs };
    return { holder: 'queued', counts, hold };
  }

  return {
    claim: (task, { runId = '', answeredAtMs = Number.POSITIVE_INFINITY }) => {
      const isHeld = task.hold !== undefined && task.hold.first > answeredAtMs;
      return task.holder === 'queued' && !isHeld ? rest(task, runId) : undefined;
    },
    heartbeat: (task, deed) => (isByHolder(task, deed) ? task : undefined),
    complete: (task, deed) => (isByHolder(task, deed) ? rest(task, 'done') : undefined),
    block: (task, deed) => (isByHolder(task, deed) ? rest(task, 'blocked') : undefined),
    release: (task, deed) =>
      isByHolder(task, deed) ? comeBack(task, 'releases', deed) : undefined,
    reclaim: (task, deed) =>
      task.holder === deed.runId ? comeBack(task, 'recoveries', deed) : undefined,
    unblock: lift,
    archive: (task) => rest(task, 'archived'),
  };
}

/** Whatever stands in its way: a block, the breaker's halt with what led to it, a hold. */
function lift(task: Standing): Standing | undefined {
  if (task.holder === 'halted') return { holder: 'queued', counts: noCounts, hold: undefined };
  return isStopped(task) ? rest(task, 'queued') : undefined;
}

function rest({ counts }: Standing, holder: string): Standing {
  return { holder, counts, hold: undefined };
}

/** The refusals that can come, and when they are justified. */
const reasons: Readonly<Partial<Record<RefusalCode, (task: Standing, deed: Answered) => boolean>>> =
  {
    already_claimed: isRunning,
    not_ready: (task) => !isRunning(task) && task.holder !== 'queued',
    parents_open: ({ holder }) => holder === 'queued',
    held_until: ({ hold }, { askedAtMs }) => hold !== undefined && hold.last > askedAtMs,
    stale_run: ({ holder }, { runId }) => holder !== runId,
    token_invalid: ({ holder }, { runId, tokenOf }) => holder === runId && tokenOf !== runId,
    // The run has moved on since it was looked at, whoever holds the task by now.
    run_moved: () => true,
    wrong_status: (task) => !isStopped(task),
  };

function isByHolder({ holder }: Standing, { runId, tokenOf }: Deed): boolean {
  return holder === runId && tokenOf === runId;
}

function isRunning({ holder }: Standing): boolean {
  return !resting.includes(holder);
}

/** A hold that is over is there until the next claim, and can be lifted. */
function isStopped({ holder, hold }: Standing): boolean {
  return holder === 'blocked' || holder === 'halted' || hold !== undefined;
}
