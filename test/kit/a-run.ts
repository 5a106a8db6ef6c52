/** A run to tell stories about: its events, and every way it can end. */
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { EndRun, RunCommand } from '../../src/domain/run/commands.ts';
import type { RunEvent, TerminalEvent, TerminalType } from '../../src/domain/run/events.ts';
import { runId, taskId } from './a-task.ts';

type DataOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>['data'];
type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
type CommandOf<T extends RunCommand['type']> = Extract<RunCommand, { type: T }>;

/** The worker of the first run. */
export const worker = { kind: 'worker', id: runId } as const;
/** The hash of the token that the worker holds. */
export const tokenHash = 'a'.repeat(64);
/** The hash of a token of somebody else. */
export const otherTokenHash = 'b'.repeat(64);

/** The first attempt at the task, opened by a dispatcher. */
export function opened(fields: Partial<DataOf<'RunOpened'>> = {}): EventOf<'RunOpened'> {
  const { claimTtlMs: ttlMs } = defaultPolicy;
  const data = { taskId, attempt: 1, kind: 'worker', claimedBy: 'dispatcher', ttlMs } as const;
  return { type: 'RunOpened', data: { ...data, ...fields } };
}

/** Its process is known. */
export const spawned: EventOf<'WorkerSpawned'> = {
  type: 'WorkerSpawned',
  data: {
    pid: 4711,
    startTime: '123456',
    bootId: 'boot-1',
    host: 'quay',
    nonce: 'nonce-1',
    workspace: '/srv/work',
    logPath: '/srv/run.log',
    argv: ['paint'],
  },
};

/** Its worker passed the startup guard. */
export const started: EventOf<'WorkerStarted'> = {
  type: 'WorkerStarted',
  data: { guard: 'worker' },
};

/** A beat of the worker. */
export function beat(
  fields: Partial<DataOf<'HeartbeatRecorded'>> = {},
): EventOf<'HeartbeatRecorded'> {
  return { type: 'HeartbeatRecorded', data: { coalesced: 0, ...fields } };
}

/** The command that asks the startup guard, by the worker of the run that holds the task. */
export function askGuard(fields: Partial<CommandOf<'StartWorker'>> = {}): CommandOf<'StartWorker'> {
  return { type: 'StartWorker', taskId, isCurrent: true, ...fields };
}

/** The command that records the process of its worker at the gate, and lets it begin. */
export function recordSpawn(
  fields: Partial<CommandOf<'RecordSpawn'>> = {},
): CommandOf<'RecordSpawn'> {
  const process = spawned.data;
  return { type: 'RecordSpawn', process, taskId, isCurrent: true, tokenHash, ...fields };
}

/** The command for a beat without news at this time. */
export function sayBeat(
  fields: Partial<CommandOf<'RecordHeartbeat'>> & { readonly nowMs: number },
): CommandOf<'RecordHeartbeat'> {
  return { type: 'RecordHeartbeat', coalesced: 0, ...fields };
}

const noBeats = { count: 0, maxGapMs: 0 };
const evidence = { seen: 'from the quay' };
const judged = { heartbeats: noBeats, evidence };

/** One ending of each kind, for a run that never beat. */
export const endings: { readonly [T in TerminalType]: Extract<TerminalEvent, { type: T }> } = {
  RunCompleted: {
    type: 'RunCompleted',
    data: { heartbeats: noBeats, summary: 'Two coats.', result: 'red', review: false },
  },
  RunBlocked: {
    type: 'RunBlocked',
    data: { heartbeats: noBeats, cause: 'needs_input', reason: 'Which colour?' },
  },
  RunReleased: { type: 'RunReleased', data: { heartbeats: noBeats, reason: 'no brush' } },
  RunReclaimed: { type: 'RunReclaimed', data: { ...judged, reason: 'silent for 16 min' } },
  RunCrashed: { type: 'RunCrashed', data: { ...judged, exitCode: 1, error: 'boom' } },
  RunTimedOut: { type: 'RunTimedOut', data: { ...judged, limitMs: 60_000, elapsedMs: 60_001 } },
  RunWentStale: { type: 'RunWentStale', data: { ...judged, silentMs: 3_600_000 } },
  SpawnFailed: {
    type: 'SpawnFailed',
    data: { heartbeats: noBeats, error: 'no such program', errno: 'ENOENT' },
  },
  ProtocolViolated: { type: 'ProtocolViolated', data: { ...judged, exitCode: 0 } },
  RunRateLimited: { type: 'RunRateLimited', data: { ...judged, exitCode: 75, holdMs: 300_000 } },
  RunCanceled: { type: 'RunCanceled', data: { heartbeats: noBeats, reason: 'archived by ada' } },
};

/** The command that leads to each of these endings. */
export const endingCommands: { readonly [T in TerminalType]: EndRun } = {
  RunCompleted: {
    type: 'CompleteRun',
    handOff: { summary: 'Two coats.', result: 'red' },
    review: false,
  },
  RunBlocked: { type: 'BlockRun', cause: 'needs_input', reason: 'Which colour?' },
  RunReleased: { type: 'ReleaseRun', reason: 'no brush' },
  RunReclaimed: { type: 'ReclaimRun', reason: 'silent for 16 min', evidence },
  RunCrashed: { type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence },
  RunTimedOut: { type: 'TimeOutRun', limitMs: 60_000, elapsedMs: 60_001, evidence },
  RunWentStale: { type: 'MarkRunStale', silentMs: 3_600_000, evidence },
  SpawnFailed: { type: 'FailSpawn', error: 'no such program', errno: 'ENOENT' },
  ProtocolViolated: { type: 'ViolateProtocol', exitCode: 0, evidence },
  RunRateLimited: { type: 'RateLimitRun', exitCode: 75, holdMs: 300_000, evidence },
  RunCanceled: { type: 'CancelRun', reason: 'archived by ada' },
};
