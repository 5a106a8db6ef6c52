/** What a report on an incident is made of. */
import type { Board } from '../app/board-face.ts';

/** What a report is about. */
export interface ReportSubject {
  /** As it was at the end of the incident. */
  readonly board: Board;
  readonly taskIds: readonly string[];
  /** Positions; null: from the beginning of the tasks to the end. */
  readonly window: { readonly first: number; readonly last: number } | null;
}

/** A part of a report under its heading; the empty text where there is nothing to say. */
export type ReportSection = (subject: ReportSubject) => Promise<string>;
