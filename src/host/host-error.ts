/** The one fault this room throws: what was attempted, on what, what was found, what to do next. */

/** What kind of trouble it is; every code has its line in the table of `src/host/README.md`. */
export type HostErrorCode =
  | 'git_failed'
  | 'home_not_private'
  | 'host_id_malformed'
  | 'key_malformed'
  | 'key_not_private'
  | 'no_process_table'
  | 'not_absolute'
  | 'unsafe_name'
  | 'unsafe_path';

/** A fault of the operating system's side of a board, with a hint for whoever reads it. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;
  readonly hint: string;

  constructor(code: HostErrorCode, message: string, more: { hint: string; cause?: unknown }) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
  }
}

/** The errno of a thrown value (`ENOENT`, `EMFILE` …), or undefined when it is no system error. */
export function errnoOf(thrown: unknown): string | undefined {
  return (thrown as NodeJS.ErrnoException | undefined)?.code;
}
