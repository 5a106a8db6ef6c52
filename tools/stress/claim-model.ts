/**
 * Who holds a task, as it would be if one deed came after the other. It shares nothing with the
 * deciders, and it is all that a history of claims is held against.
 */
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

/** A deed and the answer to it; undefined when none came. */
export interface Answered extends Deed {
  readonly answer: Answer | undefined;
}

/** The run that holds a task, or where it rests: `queued`, `blocked`, `done`, `archived`. */
type Holder = string;

/** One task, from its creation. */
export const claimModel: Model<Holder, Answered> = {
  start: 'queued',
  // What was not answered may have happened; that it did not is the search's own business.
  step: (holder, { answer = 'accepted', ...deed }) => {
    if (answer === 'accepted') return effects[deed.name](holder, deed);
    return reasons[answer]?.(holder, deed) === true ? holder : undefined;
  },
  keyOf: (holder) => holder,
};

type Effect = (holder: Holder, deed: Deed) => Holder | undefined;

const effects: Readonly<Record<DeedName, Effect>> = {
  claim: (holder, { runId }) => (holder === 'queued' ? runId : undefined),
  heartbeat: (holder, deed) => (isByHolder(holder, deed) ? holder : undefined),
  complete: (holder, deed) => (isByHolder(holder, deed) ? 'done' : undefined),
  block: (holder, deed) => (isByHolder(holder, deed) ? 'blocked' : undefined),
  release: (holder, deed) => (isByHolder(holder, deed) ? 'queued' : undefined),
  reclaim: (holder, { runId }) => (holder === runId ? 'queued' : undefined),
  unblock: (holder) => (holder === 'blocked' ? 'queued' : undefined),
  archive: () => 'archived',
};

/** The refusals that can come, and when they are justified. */
const reasons: Readonly<Partial<Record<RefusalCode, (holder: Holder, deed: Deed) => boolean>>> = {
  already_claimed: isHeld,
  not_ready: (holder) => !isHeld(holder) && holder !== 'queued',
  parents_open: (holder) => holder === 'queued',
  stale_run: (holder, { runId }) => holder !== runId,
  token_invalid: (holder, { runId, tokenOf }) => holder === runId && tokenOf !== runId,
  // The run has moved on since it was looked at, whoever holds the task by now.
  run_moved: () => true,
  wrong_status: (holder) => holder !== 'blocked',
};

function isByHolder(holder: Holder, { runId, tokenOf }: Deed): boolean {
  return holder === runId && tokenOf === runId;
}

function isHeld(holder: Holder): boolean {
  return !['queued', 'blocked', 'done', 'archived'].includes(holder);
}
