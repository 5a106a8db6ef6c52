/** A run as the fold holds it: its own stream's state, and what the task's stream says of it. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { Actor } from '../../src/domain/event.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import type { Heartbeats, RunEvent } from '../../src/domain/run/events.ts';
import {
  type EndedRun,
  evolveRun,
  type OpenRun,
  type RunState,
} from '../../src/domain/run/state.ts';
import type { BlockCause, HandOff, RunOutcome, TaskEvent } from '../../src/domain/task/events.ts';

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

/** The record after an event of the run's stream. */
export function evolveRecord(record: RunRecord | undefined, event: Recorded<RunEvent>): RunRecord {
  const run = evolveRun(stateOf(record), event, event.meta);
  const { version, position } = event;
  if (run.standing === 'open') {
    const usage = event.type === 'UsageRecorded' ? usageAfter(record, event.data) : undefined;
    return { ...(record ?? firstRecord(event, run)), run, version, position, ...usage };
  }
  if (record === undefined) throw new Error('the run ends before it began');
  return { ...record, end: endOf(run), version, position };
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

function endOf({ outcome, ending, endedAtMs, endedBy }: EndedRun): RunEnd {
  return { outcome, ending: ending.data, endedAtMs, endedBy };
}

function usageAfter(record: RunRecord | undefined, usage: Usage) {
  return {
    inputTokens: (record?.inputTokens ?? 0) + (usage.inputTokens ?? 0),
    outputTokens: (record?.outputTokens ?? 0) + (usage.outputTokens ?? 0),
    costUsd: (record?.costUsd ?? 0) + (usage.costUsd ?? 0),
  };
}
