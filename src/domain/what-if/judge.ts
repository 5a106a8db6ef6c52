/**
 * Would another policy have given this run up, and was it alive then? One run, judged on its own.
 *
 * The rules are those of `dispatcher/judge.ts` with other numbers, applied to what the log holds:
 *
 * | rule | gives up | when |
 * |---|---|---|
 * | lease | a run outside | the first silence longer than `claimTtlMs` |
 * | lease | a worker that stood still, or whose host was gone | `claimTtlMs` after its last sign |
 * | stale | any run | `staleAfterMs` without progress, and older than `maxSilentMs` |
 * | grace | a worker whose pid was missing | not before `crashGraceMs` after its spawn |
 * | launch | a claim that no worker was spawned for | after `launchLeaseMs` |
 *
 * A worker whose process its dispatcher sees is never given up for its lease, so `claimTtlMs` is
 * nothing to it. An exit that was seen is judged at once, whatever the policy.
 *
 * - Given up before it showed life again (a beat, progress, usage, its completion, or a write that
 *   was refused as stale): a **false reclaim**. A sign at the very moment comes in time.
 * - Given up, and nothing was heard of it any more: **noticed**, with the time since it was last
 *   seen as the delay. It is taken to have died right after that, so this is the longest delay.
 * - **Unsure** is a false reclaim that unrecorded life could have prevented. Beats without news are
 *   left out of the log within a quarter of the lease that was in force; a shorter lease would have
 *   kept them. And the output of a worker is progress, but not in the log.
 * - **Untold** is a silence that something else ended: a person, a time limit, the end of the log.
 *
 * Not modelled: beats that a longer lease would have left out (its workers would be noticed up to a
 * quarter of it earlier), dispatchers that were not there to look, and `maxRuntimeMs`, which is no
 * judgement on silence.
 */
import { lastLifeMs, startedMs, type Trace } from './trace.ts';
import { orNever, type Terms } from './trial.ts';

/** The rule that would have given a run up. */
export type Rule = 'lease' | 'stale' | 'grace' | 'launch';

/** What another policy would have meant for one run; moments and durations in ms. */
export type Verdict =
  /** It is let work, and ends as it did. */
  | { readonly is: 'left' }
  /** It is taken for dead at this time after its claim, and was alive; perhaps, if unsure. */
  | { readonly is: 'false' | 'unsure'; readonly by: Rule; readonly atMs: number }
  /** It was dead, and that is noticed so long after it was last seen; infinite is never. */
  | { readonly is: 'noticed'; readonly by: Rule; readonly delayMs: number }
  | { readonly is: 'untold' };

const left: Verdict = { is: 'left' };
const untold: Verdict = { is: 'untold' };

/** Judges one run by these terms. */
export function judge(run: Trace, terms: Terms): Verdict {
  return onTheWay(run, terms) ?? inTheEnd(run, terms);
}

/** The silences that it came back from. */
function onTheWay(run: Trace, terms: Terms): Verdict | undefined {
  const { spawnedMs, silences } = run;
  if (!run.isOutside && spawnedMs !== null && terms.launchLeaseMs < spawnedMs) {
    return { is: 'false', by: 'launch', atMs: terms.launchLeaseMs };
  }
  const leaseMs = run.isOutside ? leaseOf(run, terms) : Number.POSITIVE_INFINITY;
  const shortestMs = Math.min(leaseMs, orNever(terms.staleAfterMs));
  let unsure: Verdict | undefined;
  for (let index = 0; index < silences.length; index += 2) {
    const lengthMs = silences[index + 1] as number;
    // So many silences are looked at that the short ones have to cost nothing.
    if (lengthMs <= shortestMs) continue;
    const fromMs = silences[index] as number;
    const toMs = fromMs + lengthMs;
    const verdict = between(run, terms, { fromMs, toMs });
    if (verdict?.is === 'false') return verdict;
    unsure ??= verdict;
  }
  return unsure;
}

interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
}

function between(run: Trace, terms: Terms, { fromMs, toMs }: Silence): Verdict | undefined {
  const leaseMs = run.isOutside ? fromMs + leaseOf(run, terms) : Number.POSITIVE_INFINITY;
  const staleMs = staleAtMs(run, terms, fromMs);
  const atMs = Math.min(leaseMs, staleMs);
  if (atMs >= toMs) return undefined;
  const by = leaseMs <= staleMs ? 'lease' : 'stale';
  const hiddenMs = hiddenLifeMs(run, terms);
  const isSure = Math.min(leaseMs + hiddenMs, surelyStaleMs(run, terms, fromMs)) < toMs;
  return { is: isSure ? 'false' : 'unsure', by, atMs };
}

/** The silence that it ended in. */
function inTheEnd(run: Trace, terms: Terms): Verdict {
  const { fate, backMs, endMs } = run;
  if (fate === 'lived') return left;
  const { by, atMs } = givenUp(run, terms);
  if (backMs !== null) return comesBack(run, terms, { by, atMs, backMs });
  if (fate === 'cut' || fate === 'open') return atMs < endMs ? untold : left;
  return { is: 'noticed', by, delayMs: Math.max(0, atMs - lastLifeMs(run)) };
}

/** Its worker wrote after its end: whoever gives it up before that takes it for dead wrongly. */
function comesBack(
  run: Trace,
  terms: Terms,
  { by, atMs, backMs }: { by: Rule; atMs: number; backMs: number },
): Verdict {
  if (atMs >= backMs) return left;
  const hiddenMs = run.isOutside ? hiddenLifeMs(run, terms) : 0;
  return { is: atMs + hiddenMs < backMs ? 'false' : 'unsure', by, atMs };
}

/** When the last silence of a run is over. */
function givenUp(run: Trace, terms: Terms): { by: Rule; atMs: number } {
  const { fate } = run;
  if (fate === 'unborn') return { by: 'launch', atMs: terms.launchLeaseMs };
  if (fate === 'gone') return { by: 'grace', atMs: graceOverMs(run, terms) };
  const isLeaseOver = run.isOutside || fate === 'silent' || fate === 'elsewhere';
  const leaseMs = isLeaseOver ? run.lastSeenMs + leaseOf(run, terms) : Number.POSITIVE_INFINITY;
  const isSeen = fate !== 'elsewhere';
  const staleMs = isSeen ? staleAtMs(run, terms, run.lastSignMs) : Number.POSITIVE_INFINITY;
  const isByLease = isLeaseOver && leaseMs <= staleMs;
  return isByLease ? { by: 'lease', atMs: leaseMs } : { by: 'stale', atMs: staleMs };
}

/**
 * How late after its crash grace a missing pid is judged at most, in ms, by a dispatcher that only
 * waited for the grace.
 */
const afterGraceMs = 5_000;

/** Judged when its grace was over, it may have been missing ever since it was last seen. */
function graceOverMs(run: Trace, { crashGraceMs }: Terms): number {
  const spawnMs = startedMs(run);
  const isHeldByGrace = run.endMs <= spawnMs + run.terms.crashGraceMs + afterGraceMs;
  return Math.max(spawnMs + crashGraceMs, isHeldByGrace ? run.lastSeenMs : run.endMs);
}

function leaseOf(run: Trace, { claimTtlMs }: Terms): number {
  return run.isOwnTtl ? run.ttlMs : claimTtlMs;
}

function staleAtMs(run: Trace, terms: Terms, fromMs: number): number {
  return Math.max(startedMs(run) + terms.maxSilentMs, fromMs + orNever(terms.staleAfterMs));
}

/** For a run outside, whose output nobody counts, silence is silence but for the hidden beats. */
function surelyStaleMs(run: Trace, terms: Terms, fromMs: number): number {
  if (!run.isOutside || run.isThinned) return Number.POSITIVE_INFINITY;
  return staleAtMs(run, terms, fromMs + hiddenLifeMs(run, terms));
}

/** How long after a sign of life beats may have been left out that these terms had kept. */
function hiddenLifeMs(run: Trace, terms: Terms): number {
  return leaseOf(run, terms) < run.ttlMs ? run.ttlMs / 4 : 0;
}
