/** What error codes of SQLite and of the disk mean to us: the one table from many to a few. */
import Database from 'better-sqlite3';

/**
 * What went wrong, by what can be done about it: `busy` waits, `full` waits for a person to free
 * space, `io`, `corrupt` and `not_a_database` stop whoever wrote.
 */
export type FaultKind =
  | 'busy'
  | 'full'
  | 'io'
  | 'corrupt'
  | 'not_a_database'
  | 'read_only'
  | 'cannot_open'
  | 'other';

/** SQLite, or the disk below it, could not do what was asked. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
  readonly kind: FaultKind;
  /** SQLite's own extended code, such as `SQLITE_IOERR_FSYNC`, or the system's, such as `EIO`. */
  readonly code: string;
  /** True when COMMIT itself failed: what was written may yet turn out to be stored. */
  readonly duringCommit: boolean;

  constructor(
    message: string,
    facts: { kind: FaultKind; code: string; duringCommit?: boolean; cause?: unknown },
  ) {
    super(message, { cause: facts.cause });
    this.kind = facts.kind;
    this.code = facts.code;
    this.duringCommit = facts.duringCommit ?? false;
  }
}

/** The database was not opened because the place, the library or a setting is not safe. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
  readonly code: RefusalCode;
  readonly hint: string;

  constructor(message: string, facts: { code: RefusalCode; hint: string }) {
    super(message);
    this.code = facts.code;
    this.hint = facts.hint;
  }
}

/** Why a database was not opened. */
export type RefusalCode =
  | 'no_database'
  | 'sqlite_too_old'
  | 'network_file_system'
  | 'unsafe_permissions'
  | 'setting_not_kept';

/**
 * `error` as a fault that says what was attempted. What comes neither from SQLite nor from the disk
 * comes back as it is.
 */
export function asFault(error: unknown, attempted: string, duringCommit = false): unknown {
  const code = codeOf(error);
  if (code === undefined) {
    return error;
  }
  const { message } = error as Error;
  return new DatabaseFault(`Could not ${attempted}: ${message} (${code})`, {
    kind: kindOf(code),
    code,
    duringCommit,
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof Database.SqliteError) {
    return error.code;
  }
  const code = error instanceof Error && 'syscall' in error && 'code' in error && error.code;
  return typeof code === 'string' && Object.hasOwn(systemKinds, code) ? code : undefined;
}

/** Whether `error` only says that somebody else holds the lock. */
export function isBusy(error: unknown): boolean {
  if (error instanceof DatabaseFault) {
    return error.kind === 'busy';
  }
  return error instanceof Database.SqliteError && kindOf(error.code) === 'busy';
}

/**
 * Whether `error` is about a file, in whatever shape it comes: what could be done without that file
 * can go on.
 */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof DatabaseFault || error instanceof DatabaseRefused) return true;
  return error instanceof Database.SqliteError || (error instanceof Error && 'syscall' in error);
}

/**
 * The exceptions to "the code's first word decides". A full disk shows as SHMSIZE when it is the
 * shared-memory index that cannot grow, and PROTOCOL is what a long race for a lock ends with.
 */
const exceptions: Readonly<Record<string, FaultKind>> = {
  SQLITE_IOERR_SHMSIZE: 'full',
  SQLITE_PROTOCOL: 'busy',
};

/** What the system says where a file is made or synced without SQLite in between. */
const systemKinds: Readonly<Record<string, FaultKind>> = {
  EIO: 'io',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read_only',
  EACCES: 'cannot_open',
  EMFILE: 'cannot_open',
  ENFILE: 'cannot_open',
};

const kindsByPrefix: readonly (readonly [prefix: string, kind: FaultKind])[] = [
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'not_a_database'],
  ['SQLITE_READONLY', 'read_only'],
  ['SQLITE_CANTOPEN', 'cannot_open'],
];

function kindOf(code: string): FaultKind {
  const known = kindsByPrefix.find(([prefix]) => code.startsWith(prefix));
  return exceptions[code] ?? systemKinds[code] ?? known?.[1] ?? 'other';
}
