/**
 * What the command line needs from the rest of the house. Only `main.ts` knows the real parts, and
 * builds this from them; here are promises only.
 */
import type { Compared } from '../app/audit/compare.ts';
import type { AuditFooter, AuditHeader } from '../app/audit/format.ts';
import type { Board } from '../app/board.ts';
import type { Caller } from '../app/plan.ts';
import type { PastPoint } from '../app/position-at.ts';
import type { TaskAnswer } from '../app/task-plan.ts';
import type { Config } from '../config.ts';
import type { JsonObject } from '../domain/limits.ts';
import type { Policy } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { HandOff } from '../domain/task/events.ts';
import type { EventLog, Position, StoredEvent } from '../log/event-log.ts';
import type { Clock, Timers } from '../log/ports.ts';

/** How to open a board. */
export interface OpenRequest {
  /** `read` writes nothing to the log; `create` makes what is not there. */
  readonly access: 'read' | 'write' | 'create';
  /** The policy in force; the defaults when left out, which is right for reading only. */
  readonly policy: Policy | undefined;
  /** Whether the text of new tasks is encrypted; what the board remembers when left out. */
  readonly encrypt?: boolean | undefined;
  /** Hears how far a rebuild of the tables is, when opening the board takes one. */
  readonly onRebuild?: OnProgress;
}

/** How far a long piece of work has come. */
export type OnProgress = (progress: { readonly done: number; readonly total: number }) => void;

/** The same, of one stage of the work. */
export type Tell = (stage: string, ...progress: Parameters<OnProgress>) => void;

/** How to follow a log. */
export interface LogFollowing {
  /** Begins after this place. */
  readonly after: Position;
  readonly signal: AbortSignal;
  /** Hears, in a sentence, of trouble that is being waited out. */
  onTrouble(trouble: string): void;
}

/** Which output of a run to read. */
export interface RunLogWanted {
  /** Only the last lines. */
  readonly tail?: number;
}

/** A file that could not be kept as an artifact. */
export interface SkippedFile {
  readonly path: string;
  readonly why: string;
}

/** Something that is not as it should be. */
export interface VerifyProblem {
  /** Whether stored bytes changed, a promise was broken, or the tables say something else. */
  readonly kind: 'chain' | 'invariant' | 'tables';
  /** Place in the log, where there is one. */
  readonly position: Position | null;
  /** A stream, or a row of a table. */
  readonly subject: string;
  readonly found: string;
  /** What stands at the position; null for rows, and where nothing can be read. */
  readonly event: EventName | null;
}

/** How people find an event again. */
export interface EventName {
  readonly position: Position;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly id: string;
}

/** What to verify. */
export interface VerifyWanted {
  /** Check from this position on; what stands before it is taken as it is. Default: everything. */
  readonly since?: PastPoint | undefined;
  /** Now, for a time to begin at (UTC ms). */
  readonly nowMs: number;
}

/** What a verification found. */
export interface VerifyReport {
  readonly refused: false;
  readonly epoch: string;
  /** The first position that was checked; the tables are compared when that is the first of all. */
  readonly since: Position;
  /** Up to where the log was read, and the hash of that event: worth keeping elsewhere. */
  readonly position: Position;
  readonly hash: string;
  /** In the order of the log; what has no place in it comes last. */
  readonly problems: readonly VerifyProblem[];
}

/** What to thin out of a log. */
export interface ThinWanted {
  /** Beats of runs that ended before this moment, UTC ms. */
  readonly endedBeforeMs: number;
  /** Only count. */
  readonly dryRun: boolean;
  /** Who does it, through which door, and when (UTC ms). */
  readonly caller: Caller;
  readonly nowMs: number;
}

/** What was thinned out, or would be. */
export interface ThinReport {
  readonly beats: number;
  readonly runs: number;
  /** Ranges of the log, each with an event of its own that attests it. */
  readonly ranges: number;
}

/** What to export for an audit; both ends included, by default everything. */
export interface AuditExportWanted {
  readonly from?: PastPoint | undefined;
  readonly to?: PastPoint | undefined;
  /** Absolute path; nothing may be there. */
  readonly file: string;
  /** UTC ms. */
  readonly nowMs: number;
}

/** An export that was made. */
export interface AuditExported {
  readonly refused: false;
  readonly file: string;
  readonly bytes: number;
  readonly first: Position;
  readonly last: Position;
  /** SHA-256 of the body: the same for the same past, wherever it is exported. */
  readonly body: string;
  readonly exportedAt: string;
  readonly fingerprint: string;
  readonly publicKeyFile: string;
}

/** An export that is what it says. */
export interface AuditChecked {
  readonly refused: false;
  readonly header: AuditHeader;
  readonly footer: AuditFooter;
  readonly body: string;
  readonly exportedAt: string;
  readonly program: string;
  /** Where the log stood at the time of the export. */
  readonly log: { readonly position: Position; readonly hash: string };
  readonly fingerprint: string;
  /** Whether the key was compared with one that the reader knows. */
  readonly isKeyKnown: boolean;
  /** Null when it was compared with no board. */
  readonly compared: Compared | null;
}

/** Files on disk that outlive what they were made for. */
export interface Leftover {
  readonly kind: 'run_files' | 'scratch';
  /** The run or task they belong to, by the name of their directory. */
  readonly owner: string;
  readonly path: string;
  readonly bytes: number;
}

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'bad';
  readonly found: string;
  /** What to do; empty when nothing is to be done. */
  readonly hint: string;
}

/** A copy of a log. */
export interface Copy {
  /** How far it reaches. */
  readonly position: Position;
  readonly epoch: string;
  readonly bytes: number;
  /** Tasks whose text nobody can read in it without their keys. */
  readonly keys: number;
}

/** How far a forgetting has come. */
export type ForgetStage =
  | 'begun'
  | 'tombstoned'
  | 'files_removed'
  | 'key_destroyed'
  | 'tables_rebuilt'
  | 'snapshots_removed';

/** Which tasks are to be forgotten. */
export interface ForgetRequest {
  readonly taskIds: readonly string[];
  readonly keepArtifacts: boolean;
  /** Sets a task's tombstone, or refuses. */
  tombstone(taskId: string): Promise<TaskAnswer | Refusal>;
  /** Hears of every stage that was reached. */
  onStage(stage: ForgetStage): void;
}

/** What came of one task. */
export interface ForgetOutcome {
  readonly taskId: string;
  readonly answer: Pick<TaskAnswer, 'refused' | 'changed'> | Refusal;
}

/** Looking after the files of boards. */
export interface Upkeep {
  /**
   * Verifies the chain, the invariants of the log, and the tables. Writes nothing. Refused when
   * there is no such place in the log to begin at.
   */
  verify(directory: string, wanted: VerifyWanted, tell: Tell): Promise<VerifyReport | Refusal>;
  /** What the tables in use say and the log does not, or the other way round. Writes nothing. */
  compareTables(directory: string, onProgress: OnProgress): Promise<readonly VerifyProblem[]>;
  /** Makes the tables anew beside those in use; answers the position they have reached. */
  rebuild(directory: string, onProgress: OnProgress): Promise<Position>;
  /** Writes down anew what the past was like, for those who look at it; answers the position. */
  rebuildKeyframes(directory: string, onProgress: OnProgress): Promise<Position>;
  /** Copies a log in use. */
  backup(directory: string, toPath: string, onProgress: OnProgress): Promise<Copy>;
  /** Copies the keys of encrypted tasks, of which a copy of the log has none. */
  backupKeys(directory: string, toPath: string): Promise<void>;
  /** Makes a board from a backup, with the keys in `keysPath`; answers its new epoch. */
  restore(
    fromPath: string,
    directory: string,
    onProgress: OnProgress,
    keysPath?: string,
  ): Promise<string>;
  /** Destroys the keys of tasks, and removes their text wherever else it stands in the board. */
  forget(
    directory: string,
    board: Board,
    request: ForgetRequest,
  ): Promise<readonly ForgetOutcome[]>;
  /** Thins the beats of ended runs out of the log, beside everybody who writes to it. */
  thin(directory: string, wanted: ThinWanted, onProgress: OnProgress): Promise<ThinReport>;
  /** Writes a signed file of events; its key is made at first use. */
  exportAudit(
    directory: string,
    wanted: AuditExportWanted,
    onProgress: OnProgress,
  ): Promise<AuditExported | Refusal>;
  /** Checks such a file, with a board to compare it with in `against`, if one is named. */
  checkAudit(
    file: string,
    expected: { readonly key?: string | undefined; readonly against?: string | undefined },
    onProgress: OnProgress,
  ): Promise<AuditChecked | Refusal>;
  /** Everything of a board that may be removed once its run or task is over. */
  leftovers(directory: string): Promise<readonly Leftover[]>;
  remove(directory: string, leftover: Leftover): Promise<void>;
  /** Looks at the machine and the board, and changes nothing. */
  diagnose(directory: string): AsyncIterable<Finding>;
}

/** A board to dispatch for. */
export interface FleetPlace {
  readonly board: Board;
  readonly directory: string;
  readonly config: Config;
  /** Hears what the dispatcher does. */
  report(what: string, facts: JsonObject): void;
}

/** One thing a dispatcher does, or would do. */
export interface PlannedAction {
  readonly do: string;
  readonly taskId?: string;
  readonly runId?: string;
  readonly assignee?: string;
}

/** What one pass of a dispatcher comes to. */
export interface DispatchPlan {
  readonly actions: readonly PlannedAction[];
  readonly waits: readonly {
    readonly subject: string;
    readonly until: string;
    readonly forMs: number;
  }[];
}

/** Starting and watching workers. */
export interface Fleet {
  /** Something about this process that operators should know. */
  readonly warning: string | undefined;
  /** Dispatches until the signal, then stops; workers go on. */
  serve(place: FleetPlace, signal: AbortSignal): Promise<void>;
  /** Makes one pass. */
  once(place: FleetPlace): Promise<DispatchPlan>;
  /** What one pass would do. */
  plan(place: FleetPlace): Promise<DispatchPlan>;
}

/** The house, as its command line sees it. */
export interface Root {
  readonly version: string;
  readonly nodeVersion: string;
  /** Format of the log that this program writes. */
  readonly logFormat: number;
  /** Where this user's boards and the state of this host live. */
  readonly home: string;
  /** For people only. */
  readonly hostname: string;
  /** For what goes on in time, such as a replay. */
  readonly clock: Clock;
  readonly timers: Timers;

  /** Whether there is a board in the directory, sound or not. */
  hasBoard(directory: string): boolean;
  openBoard(directory: string, request: OpenRequest): Promise<Board>;
  /** Reads the configuration; `file` was named on the command line. Throws `ConfigError`. */
  loadConfig(file: string | undefined, flags?: Readonly<Record<string, unknown>>): Promise<Config>;

  /** The hash of the run token in a file; undefined when the file cannot be read. */
  readTokenHash(file: string): string | undefined;
  /** Copies files of a workspace into the board, where they outlive it. */
  keepArtifacts(
    directory: string,
    wanted: { readonly workspace: string; readonly paths: readonly string[] },
  ): Promise<{
    readonly kept: NonNullable<HandOff['artifacts']>;
    readonly skipped: readonly SkippedFile[];
  }>;

  /** The pages of the log after a position, forever, until the signal. */
  follow(log: EventLog, following: LogFollowing): AsyncIterable<readonly StoredEvent[]>;
  /** The end of a run's output. `cut`: there is more before it. */
  readRunLog(
    directory: string,
    runId: string,
    wanted: RunLogWanted,
  ): Promise<{ readonly text: string; readonly cut: boolean }>;
  /** The same, and what is printed from then on, until the signal. */
  followRunLog(
    directory: string,
    runId: string,
    wanted: RunLogWanted & { readonly signal: AbortSignal },
  ): AsyncIterable<{ readonly text: string; readonly afterGap: boolean }>;

  /** Both are loaded when they are needed. */
  upkeep(): Promise<Upkeep>;
  fleet(): Promise<Fleet>;
  /**
   * Keeps a damaged log as it was found; answers where, or undefined when that was done before. No
   * board of this directory may be open in this process.
   */
  quarantine(boardDirectory: string): Promise<string | undefined>;
}
