/**
 * Finishes what somebody began and could not finish, on a log that is not atomic. It follows from
 * what is stored, and is stored as it would have been: under the command that began it, in the name
 * of whoever gave that, with the same ids. So it does no harm to do it twice, or at once, or while
 * the one who began is about to do it himself.
 *
 * | missing | what is stored | what is added |
 * |---|---|---|
 * | `opening` | a claim without its run | the run, opened and reclaimed, and what that means |
 * | `meaning` | the end of a run | what it means for the task that the run still holds |
 * | `record` | somebody's word on a task | the run of no length that keeps it |
 */
import type { LooseEnd } from '../../../projections/index.ts';
import type { JsonObject } from '../../domain/limits.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Excusable } from '../../domain/run/commands.ts';
import type { Session } from '../session.ts';
import { drawMeaning } from './meaning.ts';
import type { Mended } from './mended.ts';
import { closeClaim } from './opening.ts';
import { keepWord } from './record.ts';

/** What is known of a loose end besides itself. */
export interface Found extends Excusable {
  /** What was seen, for the log, when nobody else's word is there to be finished. */
  readonly evidence: JsonObject;
}

/** Finishes one thing. */
export function mend(
  session: Session,
  end: LooseEnd,
  { evidence, excuse }: Found,
): Promise<Mended | Refusal> {
  switch (end.missing) {
    case 'opening':
      return closeClaim(session, end, { reason: neverOpened, evidence });
    case 'meaning':
      return drawMeaning(session, end, { excuse });
    case 'record':
      return keepWord(session, end);
  }
}

const neverOpened = 'it never started: it was claimed, and never opened';
