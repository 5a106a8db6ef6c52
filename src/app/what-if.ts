/** What another policy would have meant: the log is read once, every run judged by each policy. */
import type { Recorded } from '../domain/catalogue.ts';
import { type Agreement, agreementOf } from '../domain/what-if/agreement.ts';
import { type Best, bestOf, currentAmong } from '../domain/what-if/best.ts';
import type { Scope } from '../domain/what-if/gather.ts';
import { type Score, scoreOf, weighMsDefault } from '../domain/what-if/score.ts';
import {
  type Axis,
  orNever,
  type Terms,
  termsOf,
  trialCount,
  trialsMax,
  trialsOf,
} from '../domain/what-if/trial.ts';
import { type Unknowns, unknownsOf } from '../domain/what-if/unknowns.ts';
import { codec } from '../log/codec.ts';
import { pagesBefore } from '../log/pages.ts';
import type { Board } from './board.ts';
import { gatherTraces } from './gather-traces.ts';

/** What is asked. */
export interface WhatIfQuestion {
  /** The values to try; every combination is a policy. At most `trialsMax` of them. */
  readonly axes: readonly Axis[];
  /** Runs claimed at these positions, both inclusive; default: all. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly assignee?: string | undefined;
  /** What one false reclaim is as bad as, in ms of idle time; see `costMs`. */
  readonly weighMs?: number | undefined;
}

/** The answer. */
export interface WhatIf {
  readonly runs: number;
  /** When the first and the last of them were claimed, UTC ms; null without any. */
  readonly firstClaimAtMs: number | null;
  readonly lastClaimAtMs: number | null;
  readonly axes: readonly Axis[];
  readonly weighMs: number;
  /** What the last of the claims recorded, taken for the policy in force. */
  readonly current: Terms | null;
  /** How many different policies the claims recorded. */
  readonly recordedPolicies: number;
  /** One for each policy, the last axis turning fastest. */
  readonly scores: readonly Score[];
  readonly currentIndex: number | null;
  readonly best: Best | null;
  readonly agreement: Agreement;
  readonly unknowns: Unknowns;
}

type Claimed = Extract<Recorded, { type: 'TaskClaimed' }>;

/** Hears how far it is, and may take its time to draw it. */
export type OnStage = (
  stage: 'reading' | 'judging',
  progress: { readonly done: number; readonly total: number },
) => void | Promise<void>;

/**
 * Judges every run in the window on its own by each of the policies; nothing is simulated after the
 * first decision that would have been another one. Throws `RangeError` for too many policies.
 */
export async function whatIf(
  board: Pick<Board, 'log' | 'nowMs'>,
  question: WhatIfQuestion,
  onStage: OnStage = () => {},
): Promise<WhatIf> {
  if (trialCount(question.axes) > trialsMax)
    throw new RangeError(`more than ${trialsMax} policies`);
  const { from = 1, to = Number.MAX_SAFE_INTEGER, assignee, weighMs = weighMsDefault } = question;
  const untilMs = board.nowMs();
  const current = await lastTerms(board, { from, to });
  const axes = question.axes.map((axis) => withCurrent(axis, current));
  const trials = trialsOf(axes);
  const onPage = (done: number, total: number) => onStage('reading', { done, total });
  const traces = await gatherTraces(board.log, { from, to, assignee, trials, untilMs, onPage });
  const scores: Score[] = [];
  for (const trial of trials) {
    await onStage('judging', { done: scores.length, total: trials.length });
    scores.push(scoreOf(traces, trial, untilMs));
  }
  const best = current && bestOf(scores, { axes, current, weighMs });
  return {
    runs: traces.length,
    firstClaimAtMs: traces[0]?.claimedAtMs ?? null,
    lastClaimAtMs: traces.at(-1)?.claimedAtMs ?? null,
    axes,
    weighMs,
    current: current ?? null,
    recordedPolicies: new Set(traces.map(({ terms }) => terms)).size,
    scores,
    currentIndex: (current && currentAmong(scores, current)) ?? null,
    best: best ?? null,
    agreement: agreementOf(traces),
    unknowns: unknownsOf(traces, trials, scores),
  };
}

/** The terms of the last claim in the window; undefined when there is none. */
async function lastTerms(
  { log }: Pick<Board, 'log'>,
  { from, to }: Pick<Scope, 'from' | 'to'>,
): Promise<Terms | undefined> {
  for await (const page of pagesBefore(log, Math.min(to + 1, Number.MAX_SAFE_INTEGER))) {
    const claim = page.find(({ type }) => type === 'TaskClaimed');
    const first = page.at(-1);
    if (claim !== undefined && claim.position >= from) {
      return termsOf((codec.decodeUnchecked(claim) as Claimed).data.policy);
    }
    if (first !== undefined && first.position <= from) return undefined;
  }
  return undefined;
}

/** The policy in force is always among those that are tried, so that there is something to beat. */
function withCurrent({ key, values }: Axis, current: Terms | undefined): Axis {
  const all = current === undefined ? values : [...values, current[key]];
  const ranked = (ms: number) => (key === 'staleAfterMs' ? orNever(ms) : ms);
  return { key, values: [...new Set(all)].sort((one, other) => ranked(one) - ranked(other)) };
}
