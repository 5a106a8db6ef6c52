/** A row of `runs`, and how one event changes it. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { Actor } from '../../src/domain/event.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import type { RunEvent } from '../../src/domain/run/events.ts';
import {
  type EndedRun,
  evolveRun,
  type RunFacts,
  type RunState,
} from '../../src/domain/run/state.ts';
import type { BlockCause, HandOff, RunOutcome, TaskEvent } from '../../src/domain/task/events.ts';

type Usage = Extract<RunEvent, { type: 'UsageRecorded' }>['data'];
type LeaseExtended = Recorded<Extract<TaskEvent, { type: 'LeaseExtended' }>>;

/** How a run ended: what its terminal event says; each outcome fills the fields it knows. */
export interface RunEnding extends HandOff {
  readonly review?: boolean | undefined;
  readonly cause?: BlockCause | undefined;
  readonly reason?: string | undefined;
  readonly error?: string | undefined;
  readonly errno?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly limitMs?: number | undefined;
  readonly elapsedMs?: number | undefined;
  readonly silentMs?: number | undefined;
  readonly holdMs?: number | undefined;
  readonly evidence?: JsonObject | undefined;
}

/** One attempt at a task. Times are wall clock, UTC ms, for display. */
export interface RunRow extends RunFacts {
  /** Position of `RunOpened`: the lower, the older. */
  readonly seq: number;
  readonly runId: string;
  readonly taskId: string;
  /** 1 for the first attempt at the task. */
  readonly attempt: number;
  readonly assignee: string | null;
  /** How long the run may stay silent, ms: as claimed, or as the last extension says. */
  readonly leaseTtlMs: number;
  /** When the dispatcher last extended the lease; null if it never did. */
  readonly leaseExtendedAtMs: number | null;
  /** Sums over the usage the worker reported. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Null while the run is open, like everything about its ending. */
  readonly outcome: RunOutcome | null;
  readonly ending: RunEnding | null;
  readonly endedAtMs: number | null;
  readonly endedBy: Actor | null;
  /** Version of the run's last event: the right to write to the run. */
  readonly version: number;
  readonly position: number;
}

/** The row after an event of the run's stream. */
export function evolveRunRow(row: RunRow | undefined, event: Recorded<RunEvent>): RunRow {
  const run = evolveRun(stateOf(row), event, event.meta);
  return {
    ...(row ?? firstRow(event, run)),
    ...factsOf(run),
    ...(run.standing === 'ended' ? endOf(run) : {}),
    ...(event.type === 'UsageRecorded' ? usageAfter(row, event.data) : {}),
    version: event.version,
    position: event.position,
  };
}

/** The row after its task's stream says that the lease was extended. */
export function extendLease(row: RunRow, event: LeaseExtended): RunRow {
  return { ...row, leaseTtlMs: event.data.ttlMs, leaseExtendedAtMs: event.meta.at };
}

function stateOf(row: RunRow | undefined): RunState {
  if (row === undefined) return undefined;
  if (row.outcome !== null) throw new Error(`the run ended before: ${row.outcome}`);
  return { standing: 'open', ...factsOf(row) };
}

function firstRow(event: Recorded<RunEvent>, { opened }: RunFacts) {
  return {
    seq: event.position,
    runId: streamId(event.stream),
    taskId: opened.taskId,
    attempt: opened.attempt,
    assignee: opened.assignee ?? null,
    leaseTtlMs: opened.ttlMs,
    leaseExtendedAtMs: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    outcome: null,
    ending: null,
    endedAtMs: null,
    endedBy: null,
  };
}

function factsOf(run: RunFacts): RunFacts {
  return {
    opened: run.opened,
    openedAtMs: run.openedAtMs,
    process: run.process,
    spawnedAtMs: run.spawnedAtMs,
    startedAtMs: run.startedAtMs,
    beats: run.beats,
    note: run.note,
    progress: run.progress,
    progressAtMs: run.progressAtMs,
  };
}

function endOf({ outcome, ending, endedAtMs, endedBy }: EndedRun) {
  const { heartbeats: _beats, ...rest } = ending.data;
  return { outcome, ending: rest, endedAtMs, endedBy };
}

function usageAfter(row: RunRow | undefined, usage: Usage) {
  return {
    inputTokens: (row?.inputTokens ?? 0) + (usage.inputTokens ?? 0),
    outputTokens: (row?.outputTokens ?? 0) + (usage.outputTokens ?? 0),
    costUsd: (row?.costUsd ?? 0) + (usage.costUsd ?? 0),
  };
}
