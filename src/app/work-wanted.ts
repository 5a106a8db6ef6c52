/** What a worker elsewhere is told to do for a board. */

/** What to work on, and how. */
export interface WorkWanted {
  /** Where the board's server is, without a path. */
  readonly url: string;
  /** Whose tasks; null: those that name nobody. */
  readonly assignee: string | null;
  readonly capabilities: readonly string[];
  /** Program and arguments. */
  readonly run: readonly string[];
  /** Variables passed on to the program. */
  readonly inherit: readonly string[];
  /** Files of the workspace (patterns) that are handed in when the program has ended. */
  readonly artifacts: readonly string[];
  /** Programs at once. */
  readonly max: number;
  /** Take one task if there is one, and leave. */
  readonly once: boolean;
  /** Lease in ms; the board's own when left out. */
  readonly ttlMs: number | undefined;
  /** Name of this worker, for people. */
  readonly worker: string | undefined;
  /** Most output that is kept on this machine, in bytes. */
  readonly logBytesMax: number;
  /** Time between TERM and KILL, in ms. */
  readonly killGraceMs: number;
}
