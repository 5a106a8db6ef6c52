/** One attempt as its events tell it: none yet, open, or over. */
import type { Actor, FoldMeta } from '../event.ts';
import type { RunOutcome } from '../task/events.ts';
import type { Heartbeats, RunEvent, TerminalEvent } from './events.ts';
import { isTerminal, terminalOutcomes } from './terminal.ts';

type DataOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>['data'];

/** What every run has from its first event on. Times are wall clock, UTC ms, for display. */
export interface RunFacts {
  readonly opened: DataOf<'RunOpened'>;
  readonly openedAtMs: number;
  /** The process, once it is known; null before the spawn and for workers elsewhere. */
  readonly process: DataOf<'WorkerSpawned'> | null;
  readonly spawnedAtMs: number | null;
  /** When the startup guard let the worker through; null before. */
  readonly startedAtMs: number | null;
  readonly beats: Heartbeats;
  readonly note: string | null;
  readonly progress: number | null;
  /** Wall clock of the last beat that moved note or progress, or of the start. */
  readonly progressAtMs: number;
}

/** A run that may still be written to. */
export interface OpenRun extends RunFacts {
  readonly standing: 'open';
}

/** A run whose terminal event stands: nothing can be added to it. */
export interface EndedRun extends RunFacts {
  readonly standing: 'ended';
  readonly outcome: RunOutcome;
  readonly ending: TerminalEvent;
  readonly endedAtMs: number;
  readonly endedBy: Actor;
}

/** Undefined: no such run. */
export type RunState = OpenRun | EndedRun | undefined;

/** Folds one event into the state. */
export function evolveRun(state: RunState, event: RunEvent, meta: FoldMeta): OpenRun | EndedRun {
  if (event.type === 'RunOpened') return opened(event.data, meta);
  if (state === undefined) throw new Error(`${event.type} before RunOpened`);
  if (state.standing === 'ended') throw new Error(`${event.type} after the run's terminal event`);
  return isTerminal(event) ? ended(state, event, meta) : evolveOpen(state, event, meta);
}

function opened(data: DataOf<'RunOpened'>, meta: FoldMeta): OpenRun {
  return {
    standing: 'open',
    opened: data,
    openedAtMs: meta.at,
    process: null,
    spawnedAtMs: null,
    startedAtMs: null,
    beats: { count: 0, maxGapMs: 0 },
    note: null,
    progress: null,
    progressAtMs: meta.at,
  };
}

type LiveEvent = Exclude<RunEvent, TerminalEvent | { type: 'RunOpened' }>;

function evolveOpen(run: OpenRun, event: LiveEvent, meta: FoldMeta): OpenRun {
  switch (event.type) {
    case 'WorkerSpawned':
      return { ...run, process: event.data, spawnedAtMs: meta.at, progressAtMs: meta.at };
    case 'WorkerStarted':
      return { ...run, startedAtMs: meta.at, progressAtMs: meta.at };
    case 'HeartbeatRecorded':
      return beaten(run, event.data, meta);
    case 'UsageRecorded':
      return { ...run, progressAtMs: meta.at };
  }
}

/** Most events are beats: fields named one by one take a fraction of what a spread takes. */
function beaten(run: OpenRun, data: DataOf<'HeartbeatRecorded'>, meta: FoldMeta): OpenRun {
  const note = data.note ?? run.note;
  const progress = data.progress ?? run.progress;
  const isNews = note !== run.note || progress !== run.progress;
  return {
    standing: 'open',
    opened: run.opened,
    openedAtMs: run.openedAtMs,
    process: run.process,
    spawnedAtMs: run.spawnedAtMs,
    startedAtMs: run.startedAtMs,
    beats: addBeat(run, data.coalesced, meta.at),
    note,
    progress,
    progressAtMs: isNews ? meta.at : run.progressAtMs,
  };
}

function addBeat(run: OpenRun, coalesced: number, at: number): Heartbeats {
  const previousAt = run.beats.lastAt ?? run.spawnedAtMs ?? run.openedAtMs;
  return {
    // A run whose beats cannot be counted any more must still be able to end.
    count: Math.min(run.beats.count + 1 + coalesced, Number.MAX_SAFE_INTEGER),
    firstAt: run.beats.firstAt ?? at,
    lastAt: at,
    maxGapMs: Math.max(run.beats.maxGapMs, at - previousAt),
  };
}

function ended(run: OpenRun, event: TerminalEvent, meta: FoldMeta): EndedRun {
  return {
    standing: 'ended',
    opened: run.opened,
    openedAtMs: run.openedAtMs,
    process: run.process,
    spawnedAtMs: run.spawnedAtMs,
    startedAtMs: run.startedAtMs,
    // The sum of all beats, also of those that were thinned out since.
    beats: event.data.heartbeats,
    note: run.note,
    progress: run.progress,
    progressAtMs: run.progressAtMs,
    outcome: terminalOutcomes[event.type],
    ending: event,
    endedAtMs: meta.at,
    endedBy: meta.actor,
  };
}

/** The last moment a run is known to have shown life, wall clock, UTC ms. */
export function lastSignAtMs(run: RunFacts): number {
  return Math.max(run.beats.lastAt ?? 0, run.startedAtMs ?? 0, run.spawnedAtMs ?? run.openedAtMs);
}
