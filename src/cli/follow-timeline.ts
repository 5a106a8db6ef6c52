/** Prints the timeline as it grows, until told to stop. */
import type { TimelineRow } from '../../projections/timeline/row.ts';
import type { Position } from '../log/event-log.ts';
import { timelineJson } from '../wire/timeline-json.ts';
import { followLog } from './follow-log.ts';
import { jsonText } from './sanitize.ts';
import { timelineLine } from './timeline-words.ts';
import type { BoardContext } from './verb.ts';

/** What to follow. */
export interface Following {
  /** Begins after this place. */
  readonly after: Position;
  readonly taskId?: string;
  readonly kinds?: readonly string[];
  /** Which of these entries to print. Default: all. */
  isWanted?(row: TimelineRow): boolean;
}

/** Entries read at once. */
const pageSize = 1_000;

/** Resolves when the program is asked to stop. */
export async function followTimeline(on: BoardContext, following: Following): Promise<void> {
  const { isWanted, ...filter } = following;
  let after = following.after;
  const signal = on.io.untilStopped();
  for await (const page of followLog(on, after, signal)) {
    const head = page.at(-1)?.position ?? after;
    await on.board.projections.waitFor(head);
    for (const row of newEntries(on, { ...filter, after }, head)) {
      if (isWanted === undefined || isWanted(row)) printEntry(on, row, filter.taskId);
    }
    after = head;
  }
}

/** Prints one entry: a line for people, a JSON document for programs. */
export function printEntry(on: BoardContext, row: TimelineRow, taskId: string | undefined): void {
  const { board, io, isJson, style } = on;
  const withTask = taskId === undefined;
  const line = isJson
    ? jsonText(timelineJson(row))
    : timelineLine(row, { style, nowMs: board.nowMs(), withTask });
  io.stdout.write(`${line}\n`);
}

function* newEntries(on: BoardContext, filter: Following, head: Position): Iterable<TimelineRow> {
  const { after, ...rest } = filter;
  let afterPosition = after;
  for (;;) {
    const { queries } = on.board.projections;
    const rows = queries.timeline({ ...rest, afterPosition, limit: pageSize });
    yield* rows.filter((row) => row.position <= head);
    const last = rows.at(-1);
    if (last === undefined || last.position >= head || rows.length < pageSize) return;
    afterPosition = last.position;
  }
}
