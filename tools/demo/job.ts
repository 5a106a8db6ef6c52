/** What a demo task tells its worker: JSON in the task's body. */

/** The folder a survey worker measures, or the tree a report is about. */
export interface Job {
  readonly path: string;
  readonly name: string;
  readonly files: readonly string[];
  /** Pause after each file on the first attempt, in ms: time for an incident to happen. */
  readonly pauseMs: number;
}

/** What a survey worker hands on about its folder. Lengths are lines. */
export interface FolderMeasure {
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  readonly todos: number;
  readonly longest: { readonly name: string; readonly file: string; readonly lines: number } | null;
}

/** Reads a job from a task's body. */
export function parseJob(body: string | null): Job {
  return JSON.parse(body ?? '{}') as Job;
}
