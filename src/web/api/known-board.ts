/** The boards of this machine, as the server tells of them. */

/** A board. */
export interface KnownBoard {
  /** How to choose it on the command line; null of a board in a folder. */
  readonly slug: string | null;
  readonly name: string;
  /** Where it is served; null while it is not. */
  readonly address: string | null;
  readonly isThis: boolean;
}

/** The document of `GET /api/v1/boards`. */
export interface KnownBoards {
  readonly boards: readonly KnownBoard[];
}
