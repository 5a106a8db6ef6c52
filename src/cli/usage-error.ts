/** The command line does not make sense: said before anything is opened or written. */

/** What was typed cannot be carried out as it stands. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
