/**
 * Whether a run may end as it did, given what really became of its worker. Nothing alive is ended
 * for dead, nothing is judged before its time, and what is written down is what has happened.
 */
import type { Recorded } from '../../src/domain/catalogue.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { TerminalEvent } from '../../src/domain/run/events.ts';
import type { Worker } from './cast.ts';
import type { RunEntry } from './ledger.ts';
import type { Traits } from './traits.ts';

/** An ending, and the truth about the worker. */
export interface EndingCase {
  readonly run: RunEntry;
  /** When its task was claimed for it. */
  readonly claimedAtMs?: number | undefined;
  readonly event: Recorded<TerminalEvent>;
  /** Undefined when there was none, or none that is known to the log. */
  readonly worker: Worker | undefined;
  readonly nowMs: number;
  readonly policy: Policy;
  readonly traits: Pick<Traits, 'answersByExit'>;
}

type Reclaimed = Extract<TerminalEvent, { type: 'RunReclaimed' }>;

/** What must not be, and the invariant that says so. */
export interface Finding {
  readonly invariant: string;
  readonly found: string;
}

/** Virtual clocks are read at slightly different moments, ms. */
const toleranceMs = 20;

/** Judges a judgement; undefined when it is right. Only what dispatchers did is looked at. */
export function judgeEnding(ended: EndingCase): Finding | undefined {
  const { event, worker } = ended;
  if (event.meta.actor.kind !== 'dispatcher') return undefined;
  if (worker === undefined) return judgeSilence(ended);
  switch (event.type) {
    case 'RunReclaimed':
      return judgeReclaim(ended, worker) ?? judgeSilence(ended);
    case 'RunTimedOut':
      return judgeTimeout(ended, worker);
    case 'RunWentStale':
      return judgeStale(ended, worker);
    case 'SpawnFailed':
      return undefined;
    default:
      return judgeExit(ended, worker);
  }
}

/** Whoever is reclaimed for his silence has been silent for a whole lease. */
function judgeSilence(ended: EndingCase): Finding | undefined {
  const { run, event, nowMs } = ended;
  if (isNeverOpened(event)) return judgeOpening(ended);
  const isLaunch = run.kind === 'worker' && run.spawnedAtMs === undefined;
  const silentMs = nowMs - run.movedAtMs;
  if (isLaunch || !isForSilence(event) || silentMs >= run.ttlMs - toleranceMs) return undefined;
  return {
    invariant: 'I32',
    found: `${run.runId} is reclaimed ${Math.round(silentMs)} ms after it moved`,
  };
}

/** It was opened and ended in one append, for somebody who had claimed and never came. */
function isNeverOpened({ type, data }: EndingCase['event']): boolean {
  return type === 'RunReclaimed' && data.evidence['missing'] === 'opening';
}

/** Whoever claims has a launch lease to open the run. */
function judgeOpening({ run, claimedAtMs, nowMs, policy }: EndingCase): Finding | undefined {
  const sinceMs = nowMs - (claimedAtMs ?? nowMs);
  if (sinceMs >= policy.launchLeaseMs - toleranceMs) return undefined;
  const found = `the claim of ${run.runId} is closed after ${Math.round(sinceMs)} ms`;
  return { invariant: 'I32', found };
}

/** For its silence, and not for an exit that somebody saw. */
function isForSilence(event: EndingCase['event']): boolean {
  if (event.type !== 'RunReclaimed') return false;
  const { evidence } = event.data;
  return 'ages' in evidence && !('knownBy' in evidence);
}

function judgeReclaim({ run, event, nowMs }: EndingCase, worker: Worker): Finding | undefined {
  if (event.type !== 'RunReclaimed') return undefined;
  const { program, launcher, stoppedAtMs, machine, wentAtMs } = worker;
  if (wentAtMs === undefined || !(launcher.isAlive || program?.isAlive)) return undefined;
  const isUnattended = machine.isUnattended(troubleMs);
  // Only the log tells another host of a worker: when its own dispatchers are in trouble, nothing.
  const isElsewhere = event.data.evidence['place'] === 'other_host';
  const wasStopped =
    program?.isStopped ||
    (stoppedAtMs !== undefined && nowMs - stoppedAtMs < run.ttlMs + stoppedMs);
  // Who stands still between look and word says later what was so when he looked.
  const isOldWord = isUnattended && stoppedAtMs !== undefined && sawItStopped(event);
  if (wasStopped || isOldWord || (isElsewhere && isUnattended)) return undefined;
  return { invariant: 'I32', found: `${run.runId} is reclaimed while its worker is at work` };
}

function sawItStopped({ data: { evidence } }: Reclaimed): boolean {
  return (evidence['worker'] as { is?: unknown } | undefined)?.is === 'stopped';
}

/** How long ago a worker may have been seen standing still, at most, in ms. */
const stoppedMs = 10_000;

/** How long a dispatcher may need to be itself again after trouble, in ms. */
export const troubleMs = 10_000;

function judgeTimeout(
  { run, event, nowMs, policy }: EndingCase,
  worker: Worker,
): Finding | undefined {
  if (event.type !== 'RunTimedOut') return undefined;
  const elapsedMs = nowMs - worker.spawnedAtMs;
  if (elapsedMs >= policy.maxRuntimeMs - toleranceMs) return undefined;
  return { invariant: 'I32', found: `${run.runId} timed out after ${Math.round(elapsedMs)} ms` };
}

function judgeStale({ run, policy, nowMs }: EndingCase, _worker: Worker): Finding | undefined {
  const silentMs = nowMs - run.movedAtMs;
  if (silentMs >= policy.staleAfterMs - toleranceMs) return undefined;
  return { invariant: 'I32', found: `${run.runId} is stale after ${Math.round(silentMs)} ms` };
}

/** Crashed, or whatever its exit code stood for. */
function judgeExit(ended: EndingCase, worker: Worker): Finding | undefined {
  const { run, event, nowMs, policy, traits } = ended;
  // Whoever loses his launcher is as good as gone: what is left of him is ended.
  if (worker.launcher.isAlive) {
    return { invariant: 'I32', found: `${event.type} for ${run.runId}, whose worker lives` };
  }
  const evidence = ('evidence' in event.data ? event.data.evidence : {}) as Evidence;
  if (evidence.because === 'other_boot') return undefined;
  const sinceSpawnMs = nowMs - (run.spawnedAtMs ?? nowMs);
  if (evidence.verdict === 'dead' && sinceSpawnMs < policy.crashGraceMs - toleranceMs) {
    const found = `${run.runId} crashed by its pid ${Math.round(sinceSpawnMs)} ms after its spawn`;
    return { invariant: 'grace', found };
  }
  // Whoever was not seen before, and ended right after, was never seen at all.
  const wasSeen = (worker.endedAtMs ?? nowMs) - worker.shownAtMs > lookEveryMs;
  const isAnswer = traits.answersByExit.includes(run.assignee ?? '');
  const sinceEndMs = nowMs - (worker.endedAtMs ?? nowMs);
  if (wasSeen && !isAnswer && sinceEndMs < policy.drainMs - toleranceMs) {
    return {
      invariant: 'F31',
      found: `${run.runId} is judged ${Math.round(sinceEndMs)} ms after its exit`,
    };
  }
  return judgeCode(ended, worker);
}

/** How often others look at a worker, and a little more, in ms. */
const lookEveryMs = 1_200;

/** What its launcher wrote down must be what the log says. */
function judgeCode({ run, event, traits }: EndingCase, worker: Worker): Finding | undefined {
  const recorded = worker.machine.runs.get(run.runId)?.recorded;
  if (typeof recorded !== 'object') return undefined;
  const code = 'code' in recorded ? recorded.code : undefined;
  const isCompleted = traits.answersByExit.includes(run.assignee ?? '') && code === 0;
  const isRight =
    event.type === 'RunCompleted'
      ? isCompleted
      : event.type === 'RunCrashed'
        ? !isCompleted && event.data.exitCode === code
        : true;
  if (isRight) return undefined;
  return {
    invariant: 'exit',
    found: `${event.type} for ${run.runId}, which ended as ${JSON.stringify(recorded)}`,
  };
}

interface Evidence {
  readonly verdict?: string;
  readonly because?: string;
}
