/**
 * What the dispatcher needs from the operating system. `src/host/dispatcher-host.ts` puts it
 * together
 * from the real parts; tests and simulations bring a host of their own.
 */
import type { JsonObject } from '../domain/limits.ts';
import type { Clock, Random, Timers } from '../log/ports.ts';

/** Who a process is: a pid alone is nobody, since it is used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: number;
  readonly bootId: string;
  /** The mark in a worker's environment; other processes have none. */
  readonly nonce?: string;
}

/** A worker always has its mark. */
export type WorkerIdentity = Required<ProcessIdentity>;

/** The end of a process: it returned a code, or a signal ended it. */
export type ExitStatus = { readonly code: number } | { readonly signal: string };

/**
 * What a worker's launcher wrote down. `running`: it was let go, and no end is recorded.
 * `not_started`: it left without having done anything. Undefined: no word yet.
 */
export type RecordedExit = ExitStatus | 'running' | 'not_started' | undefined;

/** Whether a process is there; `unknown` is no answer, and must end nothing. */
export interface ProbeResult {
  readonly verdict: 'alive' | 'dead' | 'unknown';
  /** `other_boot` is certain; every other reason rests on the pid. */
  readonly because: string;
}

/** How ending a run's processes went; only the first three mean that none is left. */
export interface GroupEnd {
  readonly outcome: 'gone' | 'was_gone' | 'not_ours' | 'unkillable' | 'unknown';
  readonly survivors: readonly { readonly pid: number; readonly state: string }[];
}

/** Made for a worker before it starts, for its owner alone. Nothing may be in its place. */
export type NewEntry =
  | { readonly is: 'directory'; readonly path: string }
  | { readonly is: 'file'; readonly path: string; readonly content: string };

/** What to start, and where. */
export interface WorkerSpec {
  /** What is made first, in this order. */
  readonly make: readonly NewEntry[];
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly nonce: string;
  readonly logPath: string;
  readonly statusPath: string;
  readonly stdinPath?: string;
}

/** A worker behind its closed gate: exactly one of `go` and `abandon` is called. */
export interface SpawnedWorker {
  readonly spawned: true;
  readonly identity: WorkerIdentity;
  go(): void;
  abandon(): void;
  /**
   * Its end, told by the system; undefined when nobody will be told any more, and it has to be
   * watched. Never rejects; after `abandon` it means nothing.
   */
  readonly exited: Promise<ExitStatus | undefined>;
}

/** Why there is no worker. Nothing was started. */
export interface SpawnFailure {
  readonly spawned: false;
  readonly errno: string;
  readonly detail: string;
}

/** The processes of this host. Nothing in here rejects. */
export interface Processes {
  spawn(spec: WorkerSpec): Promise<SpawnedWorker | SpawnFailure>;
  probe(identity: ProcessIdentity): ProbeResult;
  /** The living processes of a run with their state letters; undefined when they cannot be seen. */
  family(
    leader: WorkerIdentity,
  ): readonly { readonly pid: number; readonly state: string }[] | undefined;
  /** TERM, a time of grace, KILL, and a last look. */
  end(leader: WorkerIdentity, killGraceMs: number): Promise<GroupEnd>;
  /** How long ago a process of this boot was started, in ms. */
  ageMs(identity: ProcessIdentity): number;
}

/** A place among the workers this host may run, over all its boards; see `host-slots.ts`. */
export interface Slot {
  readonly nonce: string;
  readonly boardDirectory: string;
  readonly holder: ProcessIdentity;
}

/** The slots of this host. They outlive the dispatcher; see `slot-rule.ts`. */
export interface Slots {
  /** False when `max` are taken. */
  acquire(slot: Slot, max: number): Promise<boolean>;
  /** Hands the slot on to the worker. */
  rebind(nonce: string, holder: ProcessIdentity): Promise<boolean>;
  release(nonce: string): Promise<void>;
  list(): readonly Slot[];
}

/** Where the files of one run are. */
export interface RunPaths {
  readonly log: string;
  readonly token: string;
  readonly context: string;
  readonly exit: string;
}

/** The files of runs. */
export interface RunFiles {
  /** Where they are, and what is to be made: a directory with the token and the context in it. */
  plan(
    runId: string,
    contents: { token: string; context: string },
  ): { readonly paths: RunPaths; readonly make: readonly NewEntry[] };
  readExit(runId: string): RecordedExit;
  /** Bytes of output so far; a figure that changes when there is output. */
  outputBytes(runId: string): number;
  /** The last lines of output. */
  readTail(runId: string): Promise<string>;
  /** Keeps the output below a size until the function it returns is called. */
  cap(runId: string, bytesMax: number): () => Promise<void>;
}

/** Where a task wants to be worked on. */
export interface WantedWorkspace {
  readonly taskId: string;
  readonly runId: string;
  readonly kind: 'scratch' | 'dir' | 'worktree';
  /** The directory, or one inside the repository that a worktree is made from. */
  readonly path?: string | undefined;
  readonly branch?: string | undefined;
}

/** A file that was taken over from a workspace. */
export interface Artifact {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What was taken over, and what was not. */
export interface KeptArtifacts {
  readonly collected: readonly Artifact[];
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
}

/** A workspace, and what of it is still to be made when its worker is started. */
export interface Workspace {
  readonly path: string;
  readonly make: readonly NewEntry[];
}

/** The directories workers work in. */
export interface Workspaces {
  /** A scratch workspace belongs to one run, and is made with its worker; others are made here. */
  prepare(wanted: WantedWorkspace): Promise<Workspace>;
  /** Copies the files that match into the board's store. */
  keep(path: string, patterns: readonly string[]): Promise<KeptArtifacts>;
  /** Removes a run's scratch workspace; nothing happens when it had none. */
  removeScratch(runId: string): Promise<void>;
}

/** Makers of what must not be guessed or used twice. */
export interface RunIds {
  runId(): string;
  nonce(): string;
  runToken(): { readonly token: string; readonly hash: string };
}

/** One host: who it is, and what it can do. */
export interface Host {
  readonly hostId: string;
  readonly bootId: string;
  /** The dispatcher's own process. */
  readonly self: ProcessIdentity;
  /** What worker definitions may require. */
  readonly capabilities: readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** Keeps hosts that see the same from doing the same at the same moment. */
  readonly random: Random;
  readonly ids: RunIds;
  readonly processes: Processes;
  readonly slots: Slots;
  readonly runFiles: RunFiles;
  readonly workspaces: Workspaces;
  /** A worker's whole environment: what may be inherited, and what is given. */
  environment(
    inherit: readonly string[],
    given: Readonly<Record<string, string>>,
  ): Record<string, string>;
}

/**
 * Where the dispatcher tells what it does: lines for people and metrics, never decisions. What it
 * throws is dropped.
 */
export type Report = (what: ReportKind, facts: JsonObject) => void;

/**
 * - `started`, `stopped`: the dispatcher itself; at the end, how many children it has reaped.
 * - `claimed`, `spawned`, `adopted`: a worker on its way.
 * - `failed`: a worker could not be started, and why.
 * - `reaped`: children whose end was collected, each with its pid and how it ended, as a list.
 * - `judged`, `ended`: a run was ended from outside, and why; or its processes are confirmed gone.
 * - `halted`: the end of a run has used up what its task may fail; a person has to look.
 * - `mended`: what somebody else began and left half done was finished; see `app/mend`.
 * - `skipped`: files that a worker definition names as artifacts and that were not taken over.
 * - `refused`: the board did not accept an action; somebody else was faster.
 * - `late`: this pass came much later than it was due.
 * - `stuck`: processes that outlive KILL; their workspace and slot stay taken.
 * - `fault`: something failed and will be tried again, `retryInMs` later where that is known.
 */
export type ReportKind =
  | 'started'
  | 'stopped'
  | 'claimed'
  | 'spawned'
  | 'adopted'
  | 'failed'
  | 'reaped'
  | 'judged'
  | 'ended'
  | 'halted'
  | 'mended'
  | 'skipped'
  | 'refused'
  | 'late'
  | 'stuck'
  | 'fault';
