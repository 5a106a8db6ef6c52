/** Looks at a log before it is used: is its end sound, and may this program write to it? */
import type Database from 'better-sqlite3';
import { LogUnavailable } from '../event-log.ts';
import type { ChainProblem } from './chain-walk.ts';
import { type Condition, createCondition, damaged } from './condition.ts';
import { formatKnown, type LogMeta, tooNew } from './format.ts';
import { verifyTail } from './verify.ts';

/** How a log is opened. */
export interface Assessed {
  readonly canWrite: boolean;
  /** It is filled from elsewhere, and may be on its way. */
  readonly isCopy: boolean;
}

/** The condition a log is opened in. The gravest finding comes first: it is the one to be told. */
export function assess(
  db: Database.Database,
  meta: LogMeta,
  { canWrite, isCopy }: Assessed,
): Condition {
  const condition = createCondition();
  const { problem } = verifyTail(db);
  if (problem !== undefined && !(isCopy && maybeThinned.has(problem.kind))) {
    condition.refuseWriting(damaged(`The log is damaged: ${problem.message}`, problem));
  }
  if (meta.minWriter > formatKnown) {
    condition.refuseWriting(tooNew('write', meta.minWriter));
  }
  if (!canWrite) {
    condition.refuseWriting(openedForReading());
  }
  return condition;
}

/** What was thinned is attested by later events, which may not have arrived in a copy. */
const maybeThinned: ReadonlySet<ChainProblem['kind']> = new Set(['events_missing', 'version_gap']);

/** The fault of appending to a log that was opened to be read. */
export function openedForReading(): LogUnavailable {
  return new LogUnavailable('The log was opened for reading only', {
    code: 'log_read_only',
    hint: 'Open it for writing.',
    retryable: false,
  });
}
