/**
 * From the events of a log to one trace per run: the one place where signs of life are gathered.
 *
 * A sign of life is whatever moves the run's stream, since that is what a dispatcher goes by; for
 * its lease also a renewal because its process was seen; and after its end a write of its worker
 * that was refused as stale. Beats that were thinned out count by their times, which come in from
 * beside; where those are not there either, the summary in the terminal event speaks for them.
 */
import { type EventType, type Recorded, streamId } from '../catalogue.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from '../run/events.ts';
import { fateOf, silentSinceMs } from './fate.ts';
import { createSigns, type Signs } from './signs.ts';
import type { Trace } from './trace.ts';
import { createShortestSilence, type Terms, type Trial, termsOf, triedKeys } from './trial.ts';

/** Which runs are asked about. */
export interface Scope {
  /** Claimed at these positions, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly assignee?: string | undefined;
}

/** A beat that is gone from the log, but for its time. */
export interface GoneBeat {
  readonly runId: string;
  /** UTC ms. */
  readonly atMs: number;
  /** Beats left out before it. */
  readonly coalesced: number;
}

/** Collects traces while a log is read from the beginning of its scope. */
export interface Gathering {
  /** Whether an event can tell anything; the others need not even be decoded. */
  wants(event: { readonly type: string; readonly stream: string }): boolean;
  add(event: Recorded): void;
  /** In the place where it stood: after the events before it, and before those after. */
  addGone(beat: GoneBeat): void;
  /** The traces in order of their claims; `nowMs` is until when open runs are known, UTC ms. */
  finish(nowMs: number): readonly Trace[];
}

type Told<T extends EventType> = Extract<Recorded, { type: T }>;

/** A run whose end has not been read yet. */
interface Draft {
  readonly runId: string;
  readonly terms: Terms;
  readonly policyTtlMs: number;
  ttlMs: number;
  claimedAtMs: number;
  isOutside: boolean;
  spawnedMs: number | null;
  signs: Signs | undefined;
}

type TraceDraft = { -readonly [K in keyof Trace]: Trace[K] };

/** Types of events that say something about a run beside its own stream. */
const beside: ReadonlySet<string> = new Set<EventType>([
  'TaskClaimed',
  'LeaseExtended',
  'WriteRefused',
]);

/** Begins with nothing. Silences too short for any of the trials are not kept. */
export function createGathering(scope: Scope, trials: readonly Trial[]): Gathering {
  const shortestSilenceMs = createShortestSilence(trials);
  const drafts = new Map<string, Draft>();
  const traces = new Map<string, TraceDraft>();
  const known = new Map<string, Terms>();

  function wants({ type, stream }: { type: string; stream: string }): boolean {
    return beside.has(type) || (stream.startsWith('run-') && drafts.has(streamId(stream)));
  }

  function add(event: Recorded): void {
    if (event.type === 'TaskClaimed') claim(event);
    else if (event.type === 'LeaseExtended') extend(event);
    else if (event.type === 'WriteRefused') refuse(event);
    else addToRun(event as Recorded<RunEvent>);
  }

  function claim({ data, meta, position }: Told<'TaskClaimed'>): void {
    if (position < scope.from || position > scope.to) return;
    const { runId, ttlMs, policy } = data;
    drafts.set(runId, {
      runId,
      terms: sharedTerms(termsOf(policy)),
      policyTtlMs: policy.claimTtlMs,
      ttlMs,
      claimedAtMs: meta.at,
      isOutside: false,
      spawnedMs: null,
      signs: undefined,
    });
  }

  function sharedTerms(terms: Terms): Terms {
    const key = triedKeys.map((name) => terms[name]).join();
    const shared = known.get(key) ?? terms;
    known.set(key, shared);
    return shared;
  }

  function extend({ data, meta }: Told<'LeaseExtended'>): void {
    const draft = drafts.get(data.runId);
    if (draft?.isOutside) draft.signs?.sign(meta.at);
    else draft?.signs?.seen(meta.at);
  }

  /** Only what a worker itself tried, and only the first time. */
  function refuse({ data, meta }: Told<'WriteRefused'>): void {
    const run = traces.get(data.runId);
    if (run === undefined || data.code !== 'stale_run' || data.by.kind !== 'worker') return;
    run.backMs ??= Math.max(run.endMs, meta.at - run.claimedAtMs);
  }

  function addToRun(event: Recorded<RunEvent>): void {
    const draft = drafts.get(streamId(event.stream));
    if (draft === undefined) return;
    if (event.type === 'RunOpened') open(draft, event);
    else if (isTerminal(event)) end(draft, event);
    else live(draft, event);
  }

  function open(draft: Draft, { data, meta }: Told<'RunOpened'>): void {
    if (scope.assignee !== undefined && data.assignee !== scope.assignee) {
      drafts.delete(draft.runId);
      return;
    }
    draft.claimedAtMs = meta.at;
    draft.isOutside = data.kind !== 'worker';
    draft.ttlMs = data.ttlMs;
    draft.signs = createSigns(meta.at, shortestSilenceMs(draft));
  }

  function addGone({ runId, atMs, coalesced }: GoneBeat): void {
    drafts.get(runId)?.signs?.beat(atMs, coalesced);
  }

  function live(draft: Draft, event: Recorded<RunEvent>): void {
    const { at } = event.meta;
    if (event.type === 'WorkerSpawned') draft.spawnedMs = Math.max(0, at - draft.claimedAtMs);
    if (event.type === 'HeartbeatRecorded') draft.signs?.beat(at, event.data.coalesced);
    else draft.signs?.sign(at);
  }

  function end(draft: Draft, event: Recorded<TerminalEvent>): void {
    const { signs, runId } = draft;
    drafts.delete(runId);
    if (signs === undefined) return;
    const fate = fateOf(event, draft);
    const isThinned = signs.fillIn(event.data.heartbeats);
    if (fate === 'lived') signs.sign(event.meta.at);
    const silentMs = silentSinceMs(event);
    if (silentMs === undefined) signs.seenWithoutProgress();
    else signs.sign(event.meta.at - silentMs);
    const ended = { fate, isThinned, endMs: signs.since(event.meta.at) };
    traces.set(runId, traceOf(draft, signs, ended));
  }

  function finish(nowMs: number): readonly Trace[] {
    for (const draft of drafts.values()) {
      const { signs } = draft;
      if (signs === undefined) continue;
      signs.seenWithoutProgress();
      const ended = { fate: 'open', isThinned: false, endMs: signs.since(nowMs) } as const;
      traces.set(draft.runId, traceOf(draft, signs, ended));
    }
    drafts.clear();
    return [...traces.values()].sort((one, other) => one.claimedAtMs - other.claimedAtMs);
  }

  return { wants, add, addGone, finish };
}

/** Written out, so that all traces have one shape in memory: they are read millions of times. */
function traceOf(
  draft: Draft,
  signs: Signs,
  { fate, isThinned, endMs }: Pick<Trace, 'fate' | 'isThinned' | 'endMs'>,
): TraceDraft {
  const { silences, lastSignMs, lastSeenMs } = signs.read();
  return {
    runId: draft.runId,
    claimedAtMs: draft.claimedAtMs,
    terms: draft.terms,
    ttlMs: draft.ttlMs,
    isOwnTtl: draft.ttlMs !== draft.policyTtlMs,
    isOutside: draft.isOutside,
    spawnedMs: draft.spawnedMs,
    silences,
    lastSignMs,
    lastSeenMs,
    fate,
    endMs,
    backMs: null,
    isThinned,
  };
}
