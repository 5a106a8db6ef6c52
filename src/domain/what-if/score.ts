/** What a policy would have meant for all runs together, and what that is worth. */
import { judge, type Rule } from './judge.ts';
import { startedMs, type Trace } from './trace.ts';
import type { Terms, Trial } from './trial.ts';

/** A run that shows what a policy would have done wrong. */
export interface Example {
  readonly runId: string;
  readonly by: Rule;
  /** When it would have been given up, ms since its claim. */
  readonly atMs: number;
}

/** One policy over all runs. */
export interface Score {
  readonly trial: Trial;
  /** Runs that would have ended as they did. */
  readonly left: number;
  /** Runs that would have been given up alive, and runs that perhaps would have been. */
  readonly falseReclaims: number;
  readonly unsure: number;
  /** Dead workers that would have been noticed, and those that never would have been. */
  readonly noticed: number;
  readonly missed: number;
  /** Runs that something else ended before anybody could tell. */
  readonly untold: number;
  /** Work that the false reclaims would have thrown away, and the unsure ones perhaps, in ms. */
  readonly lostMs: number;
  readonly unsureLostMs: number;
  /** How long tasks would have been held by dead workers, in ms. */
  readonly idleMs: number;
  /** How late dead workers would have been noticed, in ms; null without any. */
  readonly delayMedianMs: number | null;
  readonly delayMaxMs: number | null;
  /** The first run that would have been given up alive; else the first unsure one. */
  readonly example: Example | null;
}

/** What one false reclaim is as bad as, besides the work it throws away, in ms of idle time. */
export const weighMsDefault = 600_000;

/**
 * What a policy costs, in ms of idle time: time that dead workers held tasks, work thrown away, and
 * `weighMs` for every false reclaim. What is unsure counts in full: a policy that may be wrong has
 * to be worth it even if it is.
 */
export function costMs(score: Score, weighMs: number): number {
  const { idleMs, lostMs, unsureLostMs, falseReclaims, unsure } = score;
  return idleMs + lostMs + unsureLostMs + weighMs * (falseReclaims + unsure);
}

/** Judges every run by one policy. `untilMs` is until when the log is known, UTC ms. */
export function scoreOf(traces: readonly Trace[], trial: Trial, untilMs: number): Score {
  const termsOf = createTermsOf(trial);
  const tally = createTally(traces.length);
  for (const run of traces) {
    const verdict = judge(run, termsOf(run.terms));
    switch (verdict.is) {
      case 'left':
        tally.left += 1;
        break;
      case 'untold':
        tally.untold += 1;
        break;
      case 'noticed':
        if (verdict.delayMs === Number.POSITIVE_INFINITY) {
          tally.missed += 1;
          tally.idleMs += Math.max(0, untilMs - run.claimedAtMs - run.lastSeenMs);
        } else {
          tally.delays[tally.noticed] = verdict.delayMs;
          tally.noticed += 1;
          tally.idleMs += verdict.delayMs;
        }
        break;
      default:
        tally[verdict.is].add(run, verdict);
    }
  }
  return read(tally, trial);
}

/** The terms that a trial makes of recorded ones; few are recorded, so each is made once. */
function createTermsOf(trial: Trial): (recorded: Terms) => Terms {
  const made = new Map<Terms, Terms>();
  let last: { recorded: Terms; terms: Terms } | undefined;
  return (recorded) => {
    if (last?.recorded === recorded) return last.terms;
    const terms = made.get(recorded) ?? merge(recorded, trial);
    made.set(recorded, terms);
    last = { recorded, terms };
    return terms;
  };
}

/** Written out: a spread object would be several times slower to read. */
function merge(recorded: Terms, trial: Trial): Terms {
  return {
    claimTtlMs: trial.claimTtlMs ?? recorded.claimTtlMs,
    crashGraceMs: trial.crashGraceMs ?? recorded.crashGraceMs,
    launchLeaseMs: trial.launchLeaseMs ?? recorded.launchLeaseMs,
    maxSilentMs: trial.maxSilentMs ?? recorded.maxSilentMs,
    staleAfterMs: trial.staleAfterMs ?? recorded.staleAfterMs,
  };
}

function createTally(runs: number) {
  return {
    left: 0,
    untold: 0,
    noticed: 0,
    missed: 0,
    idleMs: 0,
    delays: new Float64Array(runs),
    false: createAlive(),
    unsure: createAlive(),
  };
}

/** Runs given up alive, and the work that went with them. */
function createAlive() {
  const alive = { count: 0, lostMs: 0, first: null as Example | null, add };
  function add(run: Trace, { by, atMs }: { by: Rule; atMs: number }): void {
    alive.count += 1;
    alive.lostMs += Math.max(0, atMs - startedMs(run));
    alive.first ??= { runId: run.runId, by, atMs };
  }
  return alive;
}

function read(tally: ReturnType<typeof createTally>, trial: Trial): Score {
  const { left, untold, noticed, missed, idleMs, false: sure, unsure } = tally;
  const delays = tally.delays.subarray(0, noticed).sort();
  return {
    trial,
    left,
    untold,
    noticed,
    missed,
    idleMs,
    falseReclaims: sure.count,
    lostMs: sure.lostMs,
    unsure: unsure.count,
    unsureLostMs: unsure.lostMs,
    delayMedianMs: delays[Math.floor((noticed - 1) / 2)] ?? null,
    delayMaxMs: delays.at(-1) ?? null,
    example: sure.first ?? unsure.first,
  };
}
