/** What a dispatcher reports, as whoever started it wants to have it. */

import { isoTime } from '../wire/iso-time.ts';
import { reportLine } from './report-line.ts';
import { jsonText } from './sanitize.ts';
import type { BoardContext } from './verb.ts';

/** People at a terminal see the story of the board; a log file gets what the dispatcher reports. */
export function isWatched({ io, isJson }: Pick<BoardContext, 'io' | 'isJson'>): boolean {
  return io.stdout.isTerminal && !isJson;
}

/** Tells it: a JSON document or a line each, to a terminal what the story does not tell. */
export function tellReport(on: BoardContext, what: string, facts: object): void {
  const { io, isJson, talk } = on;
  const nowMs = io.nowMs();
  if (isJson) io.stdout.write(`${jsonText({ at: isoTime(nowMs), what, ...facts })}\n`);
  else if (!isWatched(on)) io.stdout.write(`${reportLine(what, facts, talk, nowMs)}\n`);
  else if (isForPeople(what)) io.stderr.write(`${reportLine(what, facts, talk, nowMs)}\n`);
}

/** Trouble, and what came of something that people did. */
function isForPeople(what: string): boolean {
  return what === 'fault' || what === 'stuck' || what === 'late' || what === 'reloaded';
}
