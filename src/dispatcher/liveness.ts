/**
 * When each open run last showed life, on the dispatcher's own monotonic clock.
 *
 * The log says *that* a run moved (its version grew); when that was is what this clock saw, so that
 * neither a step of the wall clock nor another host's wrong one ends anybody. Who stays and listens
 * counts from the first sight of a run. Who looks only once cannot wait for a sign of life, and has
 * to believe the wall clock: the run starts with an age by it, of one lease at most. So do launches
 * at the first look of anybody: nothing works yet that could be taken for silent. What another host
 * wrote has the time of another clock, which nobody believes, ever: over is what was seen twice,
 * a lease apart.
 */
import type { RunRow } from '../../projections/runs/row.ts';
import { lastSignAtMs } from '../domain/run/state.ts';
import type { RunAges } from './view.ts';

/** One moment on both clocks; see `Clock`. */
export interface Moment {
  readonly nowMs: number;
  readonly monoMs: number;
}

/** The memory of what was seen of open runs. */
export interface Liveness {
  /** Believes no wall clock from now on: there will be time to hear who is alive. */
  listen(): void;
  /** Takes note of a run as the tables have it. */
  observe(run: RunRow, at: Moment, sight: Sight): RunAges;
  /**
   * Whether the age of its lease is known: a run that was under way when this dispatcher came to
   * look may be much older than what was seen of it.
   */
  isAgeKnown(runId: string): boolean;
  /** Its lease was renewed: whatever it was, now everybody counts anew. */
  noteRenewal(runId: string): void;
  /** Takes note of an event of its stream, the moment it is heard of. */
  hear(runId: string, version: number, at: Pick<Moment, 'monoMs'>): void;
  /** Takes note of its output; more of it than before is progress. */
  noteOutput(runId: string, bytes: number, at: Moment): void;
  /** Ends a look: forgets every run but these. */
  keepOnly(runIds: ReadonlySet<string>): void;
}

/** What is known of a run beside its row. */
export interface Sight {
  /** Whether what the log says of it was written by the clock of this host. */
  readonly isOurClock: boolean;
  /** Since when its process is there; asked for a run that was under way when it is first seen. */
  readonly startedMsAgo?: StartedMsAgo;
}

/** What is remembered of a run; the moments are monotonic, ms. */
interface Trace {
  version: number;
  isAgeKnown: boolean;
  extendedAtMs: number | null;
  isSpawned: boolean;
  outputBytes: number;
  startedMonoMs: number;
  leaseMonoMs: number;
  progressMonoMs: number;
}

/** An empty memory. */
export function createLiveness(): Liveness {
  const traces = new Map<string, Trace>();
  let isListening = false;
  let hasLooked = false;

  function observe(run: RunRow, at: Moment, sight: Sight): RunAges {
    const known = traces.get(run.runId);
    const trace = known ?? firstSight(run, at, sight);
    if (known === undefined) traces.set(run.runId, trace);
    else update(known, run, at);
    return {
      runMs: Math.round(at.monoMs - trace.startedMonoMs),
      leaseMs: Math.round(at.monoMs - trace.leaseMonoMs),
      quietMs: Math.round(at.monoMs - trace.progressMonoMs),
    };
  }

  /** By the wall clock a run is a lease old at most, and only where there is nothing better. */
  function firstSight(run: RunRow, at: Moment, { isOurClock, startedMsAgo }: Sight): Trace {
    const isBelieved = isOurClock && (!isListening || (!hasLooked && isLaunching(run)));
    const ageMsMax = isBelieved ? run.leaseTtlMs : 0;
    const isAgeKnown = isBelieved || hasLooked;
    return { ...firstTrace(run, at, { ageMsMax, startedMsAgo }), isAgeKnown };
  }

  function isAgeKnown(runId: string): boolean {
    return traces.get(runId)?.isAgeKnown ?? true;
  }

  function noteRenewal(runId: string): void {
    const trace = traces.get(runId);
    if (trace !== undefined) trace.isAgeKnown = true;
  }

  function hear(runId: string, version: number, at: Pick<Moment, 'monoMs'>): void {
    const trace = traces.get(runId);
    if (trace !== undefined) moveTo(version, trace, at);
  }

  function noteOutput(runId: string, bytes: number, at: Moment): void {
    const trace = traces.get(runId);
    if (trace === undefined || trace.outputBytes === bytes) return;
    trace.outputBytes = bytes;
    trace.progressMonoMs = at.monoMs;
  }

  function keepOnly(runIds: ReadonlySet<string>): void {
    hasLooked = true;
    for (const runId of traces.keys()) {
      if (!runIds.has(runId)) traces.delete(runId);
    }
  }

  function listen(): void {
    isListening = true;
  }

  return { listen, observe, isAgeKnown, noteRenewal, hear, noteOutput, keepOnly };
}

type StartedMsAgo = () => number | undefined;

function isLaunching({ opened, process }: RunRow): boolean {
  return opened.kind === 'worker' && process === null;
}

function firstTrace(
  run: RunRow,
  at: Moment,
  { ageMsMax, startedMsAgo }: { ageMsMax: number; startedMsAgo: StartedMsAgo | undefined },
): Omit<Trace, 'isAgeKnown'> {
  const clamp = (ageMs: number) => Math.min(Math.max(ageMs, 0), ageMsMax);
  const signAtMs = lastSignAtMs(run);
  const renewedAtMs = Math.max(signAtMs, run.leaseExtendedAtMs ?? 0);
  const runMs = startedMsAgo?.() ?? clamp(at.nowMs - (run.spawnedAtMs ?? run.openedAtMs));
  return {
    version: run.version,
    extendedAtMs: run.leaseExtendedAtMs,
    isSpawned: run.process !== null,
    outputBytes: 0,
    startedMonoMs: at.monoMs - runMs,
    leaseMonoMs: at.monoMs - clamp(at.nowMs - renewedAtMs),
    progressMonoMs: at.monoMs - clamp(at.nowMs - signAtMs),
  };
}

function update(trace: Trace, run: RunRow, at: Moment): void {
  moveTo(run.version, trace, at);
  if (trace.extendedAtMs !== run.leaseExtendedAtMs) {
    trace.extendedAtMs = run.leaseExtendedAtMs;
    trace.leaseMonoMs = at.monoMs;
  }
  if (!trace.isSpawned && run.process !== null) {
    trace.isSpawned = true;
    trace.startedMonoMs = at.monoMs;
  }
}

/** A run that has moved has shown life and progress. */
function moveTo(version: number, trace: Trace, at: Pick<Moment, 'monoMs'>): void {
  if (version <= trace.version) return;
  trace.version = version;
  trace.isAgeKnown = true;
  trace.leaseMonoMs = at.monoMs;
  trace.progressMonoMs = at.monoMs;
}
