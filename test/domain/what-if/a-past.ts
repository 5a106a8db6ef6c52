/** Lives of runs as a log tells them, for questions about other policies. */
import type { Recorded } from '../../../src/domain/catalogue.ts';
import type { JsonObject } from '../../../src/domain/limits.ts';
import { defaultPolicy, runPolicy } from '../../../src/domain/policy.ts';
import type { Heartbeats, RunEvent, TerminalEvent } from '../../../src/domain/run/events.ts';
import { createGathering } from '../../../src/domain/what-if/gather.ts';
import { judge, type Verdict } from '../../../src/domain/what-if/judge.ts';
import type { Trace } from '../../../src/domain/what-if/trace.ts';
import type { Terms, Trial } from '../../../src/domain/what-if/trial.ts';
import { atTime, type Line, onRefused, onRun, onTask, recorded } from '../../kit/a-history.ts';
import { beat, endings, opened, spawned } from '../../kit/a-run.ts';
import { claimed, created, runId } from '../../kit/a-task.ts';
import { storyAtMs } from '../../kit/given.ts';

/** The terms that the runs were claimed under, unless they say otherwise: a lease of a minute. */
export const terms: Terms = {
  claimTtlMs: 60_000,
  crashGraceMs: 30_000,
  launchLeaseMs: 30_000,
  maxSilentMs: 600_000,
  staleAfterMs: 300_000,
};

/** A life; every moment is ms since the claim. */
export interface Life {
  /** Spawned at this time by a dispatcher; left out for a run claimed through a door. */
  readonly spawnedMs?: number;
  /** A run of a dispatcher that never came to be spawned. */
  readonly isUnborn?: boolean;
  readonly beatsMs?: readonly number[];
  /** Its lease was renewed, because its process was seen. */
  readonly extendedMs?: readonly number[];
  readonly end?: readonly [atMs: number, event: TerminalEvent];
  /** A write of its worker that was refused as stale. */
  readonly refusedMs?: number;
  readonly ttlMs?: number;
  readonly terms?: Partial<Terms>;
  readonly assignee?: string;
  /** Its beats are gone; only their summary is left. */
  readonly thinned?: Heartbeats;
}

/** The lines of a life, in order of time. */
export function linesOf(life: Life): readonly Line[] {
  const { beatsMs = [], extendedMs = [], spawnedMs, end, refusedMs } = life;
  const own = { ...terms, ...life.terms };
  const ttlMs = life.ttlMs ?? own.claimTtlMs;
  const kind = spawnedMs === undefined && life.isUnborn !== true ? 'external' : 'worker';
  const policy = { ...runPolicy(defaultPolicy), ...own };
  const assignee = life.assignee === undefined ? {} : { assignee: life.assignee };
  const at = (ms: number, line: Line) => atTime(storyAtMs + ms, line);
  const run = (ms: number, event: RunEvent) => at(ms, onRun(event));
  const lines = [
    at(0, onTask(claimed({ ttlMs, policy }))),
    run(0, opened({ kind, ttlMs, ...assignee })),
    ...(spawnedMs === undefined ? [] : [run(spawnedMs, spawned)]),
    ...beatsMs.map((ms) => run(ms, beat())),
    ...extendedMs.map((ms) => at(ms, onTask(extension(ttlMs)))),
    ...(end === undefined ? [] : [run(end[0], withBeats(end[1], life))]),
    ...(refusedMs === undefined ? [] : [at(refusedMs, onRefused(refusal))]),
  ];
  const inTime = lines.toSorted((one, other) => (one.atMs ?? 0) - (other.atMs ?? 0));
  return [at(0, onTask(created())), ...inTime];
}

/** The one trace that the log of a life gives, asked about these trials. */
export function traceOf(life: Life, trials: readonly Trial[] = [{}], nowMs = 86_400_000): Trace {
  const [trace] = tracesOf(recorded(linesOf(life)), trials, storyAtMs + nowMs);
  if (trace === undefined) throw new Error('no trace');
  return trace;
}

/** The traces of a log. */
export function tracesOf(
  events: readonly Recorded[],
  trials: readonly Trial[],
  nowMs: number,
): readonly Trace[] {
  const gathering = createGathering({ from: 1, to: Number.MAX_SAFE_INTEGER }, trials);
  for (const event of events) {
    if (gathering.wants(event)) gathering.add(event);
  }
  return gathering.finish(nowMs);
}

/** What another policy would have meant for a life. */
export function verdictOf(life: Life, trial: Trial, nowMs?: number): Verdict {
  const trace = traceOf(life, [trial], nowMs);
  return judge(trace, { ...trace.terms, ...trial });
}

/** Completed by its own word. */
export const done = endings.RunCompleted;

/** Its lease was over, as a dispatcher found. */
export function reclaimed(place: string, more: JsonObject = {}): TerminalEvent {
  const { data } = endings.RunReclaimed;
  return { type: 'RunReclaimed', data: { ...data, evidence: { place, ...more } } };
}

/** Its process was missing. */
export const lost: TerminalEvent = {
  type: 'RunCrashed',
  data: {
    heartbeats: { count: 0, maxGapMs: 0 },
    evidence: { pid: 4711, verdict: 'dead', because: 'no_such_process' },
    error: 'its process is gone, and nobody saw how it ended',
  },
};

function extension(ttlMs: number) {
  const data = { runId, ttlMs, reason: 'its worker is alive', evidence: {} };
  return { type: 'LeaseExtended', data } as const;
}

const refusal = {
  type: 'WriteRefused',
  data: {
    runId,
    attempted: 'CompleteRun',
    code: 'stale_run',
    by: { kind: 'worker', id: runId },
    actualVersion: 3,
  },
} as const;

function withBeats(event: TerminalEvent, { thinned, beatsMs = [] }: Life): TerminalEvent {
  const counted = { count: beatsMs.length, maxGapMs: 0 };
  const heartbeats = thinned ?? counted;
  return { ...event, data: { ...event.data, heartbeats } } as TerminalEvent;
}
