/** What a board has appended since it was opened. */

/** Counts; they begin at 0 with every process. */
export interface Tally {
  /** Commands that stored something. */
  appends: number;
  /** Races that were lost for a stream: somebody else had written to it first. */
  conflicts: number;
}

/** Nothing has happened yet. */
export function createTally(): Tally {
  return { appends: 0, conflicts: 0 };
}
