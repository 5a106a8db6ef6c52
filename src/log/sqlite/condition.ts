/**
 * How a log is: whether it still takes appends, and up to where it can be read.
 *
 * It only ever gets worse. Nothing is acknowledged after the first I/O error: after a failed sync
 * the kernel may call the next one a success without having written a thing.
 */
import { asFault, DatabaseFault, DatabaseRefused } from '../../sqlite/faults.ts';
import { LogDamaged, LogUnavailable, type Position } from '../event-log.ts';

/** Why a log takes no appends. */
export type WritingRefused = LogUnavailable | LogDamaged;

/** The condition of one open log. */
export interface Condition {
  /** The first reason to take no more appends; undefined while they are taken. */
  writingRefused(): WritingRefused | undefined;
  /** Takes no more appends, for this reason, unless there is one already. */
  refuseWriting(reason: WritingRefused): void;
  /** Why nothing can be read any more; undefined while reading is possible. */
  readingRefused(): LogUnavailable | undefined;
  /** Gives up reading, and with it writing. */
  refuseAll(reason: LogUnavailable): void;
  /** First position not to be trusted; infinite while all of it is. */
  damagedFrom(): Position;
  /**
   * Turns what was thrown while something was attempted into a fault of the log, and stops writing
   * when it is of the kind that nothing can be trusted after.
   */
  judge(error: unknown, attempted: string): unknown;
}

/** SQLite does not say why it could not make a file. */
const accessHint = 'Check the rights on its directory, and whether the disk has room for files.';

const doctor = 'Run `logboard doctor`: it looks at the machine, the place and the log.';

/** The doctor shows this hint, too: it has to lead on from there. */
const restore =
  'Leave the files as they are, and make a new board of a backup: ' +
  '`logboard restore <backup> --board <new>`.';

/** The condition of a log that has just been opened: all is well. */
export function createCondition(): Condition {
  let writing: WritingRefused | undefined;
  let reading: LogUnavailable | undefined;
  let damagedFrom: Position = Number.POSITIVE_INFINITY;

  function refuseWriting(reason: WritingRefused): void {
    writing ??= reason;
    if (reason instanceof LogDamaged && reason.position !== undefined) {
      damagedFrom = Math.min(damagedFrom, reason.position);
    }
  }

  function judge(error: unknown, attempted: string): unknown {
    const cause = asFault(error, attempted);
    const fault = asLogFault(cause, attempted);
    if (fault instanceof LogDamaged) {
      refuseWriting(fault);
    } else if (cause instanceof DatabaseFault && cause.kind === 'io') {
      refuseWriting(stopped(cause));
    }
    return fault;
  }

  return {
    writingRefused: () => writing,
    refuseWriting,
    readingRefused: () => reading,
    refuseAll(reason) {
      reading ??= reason;
      refuseWriting(reason);
    },
    damagedFrom: () => damagedFrom,
    judge,
  };
}

/** What SQLite threw, in the words of the port; anything else comes back as it is. */
export function asLogFault(error: unknown, attempted: string): unknown {
  const cause = asFault(error, attempted);
  if (cause instanceof DatabaseRefused) {
    const { code, hint } = cause;
    return new LogUnavailable(cause.message, { code, hint, retryable: false, cause });
  }
  if (!(cause instanceof DatabaseFault)) {
    return cause;
  }
  switch (cause.kind) {
    case 'corrupt':
    case 'not_a_database':
      return damaged(cause.message, { cause });
    case 'io':
      return stopped(cause, cause.duringCommit);
    case 'full':
      return full(cause);
    case 'busy':
      return unavailable(cause, 'log_busy', 'Try again; other processes are writing a lot.', true);
    case 'read_only':
    case 'cannot_open':
      return unavailable(cause, 'log_not_accessible', accessHint, false);
    case 'other':
      return unavailable(cause, 'log_failed', doctor, cause.duringCommit);
  }
}

/** The fault of a log whose bytes are not what was written. */
export function damaged(
  message: string,
  facts: { position?: Position; cause?: unknown } = {},
): LogDamaged {
  return new LogDamaged(message, { hint: restore, ...facts });
}

function stopped(cause: DatabaseFault, outcomeUnknown = false): LogUnavailable {
  return new LogUnavailable(`The log has stopped after an I/O error: ${cause.message}`, {
    code: 'log_stopped',
    hint: 'Check the disk, then start the program again: it will verify the log first.',
    retryable: false,
    outcomeUnknown,
    cause,
  });
}

function full(cause: DatabaseFault): LogUnavailable {
  return new LogUnavailable(`The disk is full: ${cause.message}`, {
    code: 'disk_full',
    hint: 'Free some space and try again; nothing was half-written.',
    retryable: true,
    // SQLITE_FULL comes before the frame that would commit; other signs of it may come after.
    outcomeUnknown: cause.duringCommit && cause.code !== 'SQLITE_FULL',
    cause,
  });
}

function unavailable(
  cause: DatabaseFault,
  code: string,
  hint: string,
  retryable: boolean,
): LogUnavailable {
  const outcomeUnknown = cause.duringCommit;
  return new LogUnavailable(cause.message, { code, hint, retryable, outcomeUnknown, cause });
}
