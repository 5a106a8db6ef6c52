/** A run as the fold holds it: its own stream's state, and what the task's stream says of it. */
import type { Recorded } from '../catalogue.ts';
import type { Actor } from '../event.ts';
import type { JsonObject } from '../limits.ts';
import { streamId } from '../streams.ts';
import type { BlockCause, HandOff, RunOutcome, TaskEvent } from '../task/events.ts';
import type { Heartbeats, RunEvent } from './events.ts';
import { type EndedRun, evolveRun, type OpenRun, type RunState } from './state.ts';

/** How a run ended: what its terminal event says; each outcome fills the fields it knows. */
export interface RunEnding extends HandOff {
  /** Summary of the beats, for the time when the beats themselves are thinned out. */
  readonly heartbeats: Heartbeats;
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

/** How, when and by whom a run was ended. */
export interface RunEnd {
  readonly outcome: RunOutcome;
  readonly ending: RunEnding;
  readonly endedAtMs: number;
  readonly endedBy: Actor;
}

/** What a row is made of. `RunRow` says what each field means. */
export interface RunRecord {
  readonly seq: number;
  readonly runId: string;
  /** The run as it was before it ended. */
  readonly run: OpenRun;
  /** Null while the run is open. */
  readonly end: RunEnd | null;
  readonly leaseTtlMs: number;
  readonly leaseExtendedAtMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly version: number;
  readonly position: number;
}

type Usage = Extract<RunEvent, { type: 'UsageRecorded' }>['data'];
type LeaseExtended = Recorded<Extract<TaskEvent, { type: 'LeaseExtended' }>>;

/**
 * The record after an event of the run's stream. Fields are named one by one: most events are
 * beats, and replacing fields of a spread record takes several times as long (measured).
 */
export function evolveRunRecord(
  record: RunRecord | undefined,
  event: Recorded<RunEvent>,
): RunRecord {
  const run = evolveRun(stateOf(record), event, event.meta);
  if (run.standing === 'ended') return endRecord(record, event, run);
  const before = record ?? firstRecord(event, run);
  const usage = event.type === 'UsageRecorded' ? usageAfter(before, event.data) : before;
  return {
    seq: before.seq,
    runId: before.runId,
    run,
    end: null,
    leaseTtlMs: before.leaseTtlMs,
    leaseExtendedAtMs: before.leaseExtendedAtMs,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    costUsd: usage.costUsd,
    version: event.version,
    position: event.position,
  };
}

/** The record after its task's stream says that the lease was extended. */
export function extendLease(record: RunRecord, { data, meta }: LeaseExtended): RunRecord {
  return { ...record, leaseTtlMs: data.ttlMs, leaseExtendedAtMs: meta.at };
}

function stateOf(record: RunRecord | undefined): RunState {
  if (record?.end) throw new Error(`the run ended before: ${record.end.outcome}`);
  return record?.run;
}

function firstRecord(event: Recorded<RunEvent>, run: OpenRun): RunRecord {
  return {
    seq: event.position,
    runId: streamId(event.stream),
    run,
    end: null,
    leaseTtlMs: run.opened.ttlMs,
    leaseExtendedAtMs: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    version: event.version,
    position: event.position,
  };
}

function endRecord(
  record: RunRecord | undefined,
  { version, position }: Recorded<RunEvent>,
  { outcome, ending, endedAtMs, endedBy }: EndedRun,
): RunRecord {
  if (record === undefined) throw new Error('the run ends before it began');
  const end = { outcome, ending: ending.data, endedAtMs, endedBy };
  // The sum of all beats, also of those that were thinned out since.
  const run = { ...record.run, beats: ending.data.heartbeats };
  return { ...record, run, end, version, position };
}

function usageAfter(record: RunRecord, usage: Usage) {
  return {
    inputTokens: addTokens(record.inputTokens, usage.inputTokens),
    outputTokens: addTokens(record.outputTokens, usage.outputTokens),
    costUsd: Math.min(record.costUsd + (usage.costUsd ?? 0), Number.MAX_VALUE),
  };
}

/** Each amount is one that a row can hold; their sum need not be, and must not stop the tables. */
function addTokens(sum: number, more = 0): number {
  return Math.min(sum + more, Number.MAX_SAFE_INTEGER);
}
