/** What the command line needs for looking after boards: promises that `main` keeps. */
import type { Compared } from '../app/audit/compare.ts';
import type { AuditFooter, AuditHeader } from '../app/audit/format.ts';
import type { Board } from '../app/board.ts';
import type { Caller } from '../app/plan.ts';
import type { PastPoint } from '../app/position-at.ts';
import type { TaskAnswer } from '../app/task-plan.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Position } from '../log/event-log.ts';

/** How far a long piece of work has come. */
export type OnProgress = (progress: { readonly done: number; readonly total: number }) => void;

/** The same, of one stage of the work. */
export type Tell = (stage: string, ...progress: Parameters<OnProgress>) => void;

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

/** What to thin out of a log, or to archive. */
export interface ThinWanted {
  /** Only of runs that ended, or tasks that were touched last, before this moment, UTC ms. */
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

/** What was archived, or would be. */
export interface ArchiveReport {
  /** Tasks of which events left the log, those events, and the bytes of text in them. */
  readonly tasks: number;
  readonly events: number;
  readonly bytes: number;
  /** The files that were made, relative to the board; what is not known beforehand is null. */
  readonly segments: readonly {
    readonly file: string | null;
    readonly from: Position;
    readonly upTo: Position;
    readonly events: number | null;
    readonly bytes: number | null;
  }[];
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

/** A board to copy from or to: its directory (absolute), or its connection string. */
export type CopyPlace =
  | { readonly directory: string; readonly url?: undefined }
  | { readonly url: string; readonly directory?: undefined };

/** A board that was copied. */
export interface BoardCopied {
  /** Both places, without passwords. */
  readonly from: string;
  readonly to: string;
  readonly epoch: string;
  /** The last event that is on both sides, and its hash, which both have. */
  readonly position: Position;
  readonly hash: string;
  /** Up to where an earlier copy had come; 0 for none. */
  readonly wasAt: Position;
  /** Where the board stood when the copy was complete. */
  readonly sourceAt: Position;
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
  /**
   * Copies a board as it is, its epoch included, to where there is nothing or the beginning of it.
   * The board may be in use.
   */
  copy(from: CopyPlace, to: CopyPlace, tell: Tell): Promise<BoardCopied>;
  /** Destroys the keys of tasks, and removes their text wherever else it stands in the board. */
  forget(
    directory: string,
    board: Board,
    request: ForgetRequest,
  ): Promise<readonly ForgetOutcome[]>;
  /** Thins the beats of ended runs out of the log, beside everybody who writes to it. */
  thin(directory: string, wanted: ThinWanted, onProgress: OnProgress): Promise<ThinReport>;
  /** Archives closed tasks into segment files, beside everybody who writes to the log. */
  archive(directory: string, wanted: ThinWanted, tell: Tell): Promise<ArchiveReport>;
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
  /** Looks at the machine, the configuration (of a file, if named) and the board. */
  diagnose(directory: string, configFile: string | undefined): AsyncIterable<Finding>;
}
