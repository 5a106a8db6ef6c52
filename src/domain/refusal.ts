/** Refusals: the answers "no" of the domain, a closed set, each with facts and a hint. */
import type { Json } from './limits.ts';

/** Every reason the board may refuse a command for. The README lists them; a test compares. */
export const refusalCodes = [
  'already_claimed',
  'already_done',
  'already_exists',
  'audit_altered',
  'audit_cut',
  'audit_differs',
  'audit_key_differs',
  'before_first_event',
  'beyond_head',
  'bulk_summary',
  'cycle',
  'held_until',
  'invalid',
  'no_such_assignee',
  'no_such_board',
  'no_such_event',
  'no_such_parent',
  'no_such_run',
  'no_such_task',
  'not_current_run',
  'not_an_audit',
  'not_ready',
  'not_running',
  'nothing_to_claim',
  'parents_open',
  'past_is_read_only',
  'people_only',
  'range_empty',
  'range_swapped',
  'revision_moved',
  'run_moved',
  'self_parent',
  'stale_run',
  'token_invalid',
  'wrong_status',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** A command the board did not carry out, and what the caller can do about it. */
export interface Refusal {
  readonly refused: true;
  readonly code: RefusalCode;
  /** What was attempted and what was found, as one sentence. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  /** The values the decision was based on. */
  readonly facts: Readonly<Record<string, Json>>;
}

/** Events to append; none when the command finds its work done already. */
export interface Accepted<E> {
  readonly refused: false;
  readonly events: readonly E[];
}

/** What a decision returns. */
export type Decision<E> = Accepted<E> | Refusal;

/** Accepts a command with these events. */
export function accept<E>(...events: readonly E[]): Accepted<E> {
  return { refused: false, events };
}

/** Refuses a command: code, sentence, and a record with the hint and the facts. */
export function refuse(
  code: RefusalCode,
  message: string,
  why: { hint: string; facts?: Readonly<Record<string, Json>> },
): Refusal {
  return { refused: true, code, message, hint: why.hint, facts: why.facts ?? {} };
}
