/** What may be asked of one attempt: by its worker, and by whoever ends it from outside. */
import type * as z from 'zod';
import type { JsonObject } from '../limits.ts';
import type { BlockCause, HandOff } from '../task/events.ts';
import type { Exit, runEvents, usageSchema } from './events.ts';

type Data<T extends keyof typeof runEvents> = z.infer<(typeof runEvents)[T]['schema']>;

/** What a worker shows to prove that it is the worker of this run. */
interface ByWorker {
  /** SHA-256 (hex) of the token it holds; needed when the run was opened with one. */
  readonly tokenHash?: string | undefined;
}

/** What a dispatcher saw that speaks in the worker's place, by the worker's exit. */
interface Spoken extends ByWorker {
  readonly evidence?: JsonObject | undefined;
}

/** A failure may be none of the task's. */
export interface Excusable {
  /** The outage that is to blame, as evidence; undefined when the task is. */
  readonly excuse?: JsonObject | undefined;
}

/** What somebody outside the run saw that made them end it. */
interface Judged {
  readonly evidence: JsonObject;
}

/** Begins an attempt, together with the claim of its task. */
export interface OpenRun {
  readonly type: 'OpenRun';
  readonly data: Data<'RunOpened'>;
}
/** What the startup guard looks at; the facts are as of now. */
export interface Guarded extends ByWorker {
  /** The task it was told to work on; undefined when it names none. */
  readonly taskId: string | undefined;
  /** Whether the run's task is running, and held by this run. */
  readonly isCurrent: boolean;
}
/**
 * Tells which process is the worker, which waits at its gate, and asks the startup guard whether it
 * may begin: both are recorded, or neither.
 */
export interface RecordSpawn extends Guarded {
  readonly type: 'RecordSpawn';
  readonly process: Data<'WorkerSpawned'>;
}
/** The worker itself asks the startup guard whether it may begin, or go on. */
export interface StartWorker extends Guarded {
  readonly type: 'StartWorker';
}
/** Shows life, and progress if there is any. */
export interface RecordHeartbeat extends ByWorker {
  readonly type: 'RecordHeartbeat';
  readonly note?: string | undefined;
  readonly progress?: number | undefined;
  /** Beats the caller left out since its last one. */
  readonly coalesced: number;
  readonly nowMs: number;
}
/** Tells what the work has cost so far. */
export interface RecordUsage extends ByWorker {
  readonly type: 'RecordUsage';
  readonly usage: z.infer<typeof usageSchema>;
}
/** The worker does something besides its run, such as a comment or a task; nothing is stored. */
export interface ActBeside extends ByWorker {
  readonly type: 'ActBeside';
}
/**
 * The worker sends on what its program printed; nothing is stored in the log. A program prints
 * until the moment it ends its run by its own word, and after it, so output may come later.
 */
export interface SendOutput extends ByWorker {
  readonly type: 'SendOutput';
  /** The run itself: what `worker <runId>` has ended was ended by its own word. */
  readonly runId: string;
  /** Whether its task is gone for good: its output may have been removed, and stays away. */
  readonly isTombstoned: boolean;
  readonly nowMs: number;
}
/** The worker has done its work. */
export interface CompleteRun extends Spoken {
  readonly type: 'CompleteRun';
  readonly handOff: HandOff;
  /** True asks a person to look before the task counts as done. */
  readonly review: boolean;
}
/** The worker cannot go on until somebody else acts. */
export interface BlockRun extends Spoken {
  readonly type: 'BlockRun';
  readonly cause: BlockCause;
  readonly reason: string;
}
/** The worker gives the task back unfinished. */
export interface ReleaseRun extends Spoken {
  readonly type: 'ReleaseRun';
  readonly reason?: string | undefined;
}
/** The run is taken away: its lease is over, or an operator wants it back. */
export interface ReclaimRun extends Judged {
  readonly type: 'ReclaimRun';
  readonly reason: string;
}
/** The worker came to an end without a word. */
export interface CrashRun extends Judged {
  readonly type: 'CrashRun';
  readonly exit: Exit;
  readonly error: string;
}
/** The run took longer than it may. */
export interface TimeOutRun extends Judged {
  readonly type: 'TimeOutRun';
  readonly limitMs: number;
  readonly elapsedMs: number;
}
/** The run has shown no progress for too long. */
export interface MarkRunStale extends Judged {
  readonly type: 'MarkRunStale';
  readonly silentMs: number;
}
/** The worker could not be started. */
export interface FailSpawn {
  readonly type: 'FailSpawn';
  readonly error: string;
  readonly errno?: string | undefined;
}
/** The worker left with exit code 0 and no answer. */
export interface ViolateProtocol extends Judged {
  readonly type: 'ViolateProtocol';
  readonly exitCode: number;
}
/** The worker met a limit from outside and wants to come back later. */
export interface RateLimitRun extends Judged {
  readonly type: 'RateLimitRun';
  readonly exitCode?: number | undefined;
  readonly holdMs: number;
}
/** An operator moved the task on; its run is over. */
export interface CancelRun {
  readonly type: 'CancelRun';
  readonly reason: string;
  readonly evidence?: JsonObject | undefined;
}

/** Commands that end a run. */
export type EndRun =
  | CompleteRun
  | BlockRun
  | ReleaseRun
  | ReclaimRun
  | CrashRun
  | TimeOutRun
  | MarkRunStale
  | FailSpawn
  | ViolateProtocol
  | RateLimitRun
  | CancelRun;

/** Anything that may be asked of a run. */
export type RunCommand =
  | OpenRun
  | RecordSpawn
  | StartWorker
  | RecordHeartbeat
  | RecordUsage
  | ActBeside
  | SendOutput
  | EndRun;
