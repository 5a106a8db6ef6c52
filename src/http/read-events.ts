/** A page of events: of the whole log, or of one task, wherever they stand. */
import type { Queries } from '../../projections/index.ts';
import { streams } from '../domain/catalogue.ts';
import { type EventLog, type Position, pageCharsMax, type StoredEvent } from '../log/event-log.ts';
import { pagesOfStream } from '../log/pages.ts';
import { unthinnedLog } from '../log/restored.ts';

/** Where they are read from. */
export interface EventsFrom {
  readonly log: EventLog;
  /** Contain at least what is asked about. */
  readonly queries: Queries;
}

/** Which of them. */
export interface EventsAfter {
  readonly after: Position;
  readonly limit: number;
  /** Only those of this task, of its runs, comments on it, and what was refused. */
  readonly task?: string | undefined;
  /** With the beats that were thinned out. */
  readonly unthinned?: boolean | undefined;
}

/** The first events after a place: fewer than asked for where their texts are long. */
export async function readEvents(
  { log, queries }: EventsFrom,
  { task, unthinned, ...wanted }: EventsAfter,
): Promise<readonly StoredEvent[]> {
  const whole = unthinned === true ? await unthinnedLog(log) : log;
  if (task === undefined) return whole.readAll({ ...wanted, charsMax: pageCharsMax });
  return eventsOfTask({ log: whole, queries }, task, wanted);
}

async function eventsOfTask(
  { log, queries }: EventsFrom,
  taskId: string,
  wanted: EventsAfter,
): Promise<readonly StoredEvent[]> {
  const runs = queries.runs(taskId).map(({ runId }) => streams.run(runId));
  const own = [streams.task(taskId), streams.note(taskId), streams.refused(taskId)];
  const found = await Promise.all([...own, ...runs].map((name) => firstOf(log, name, wanted)));
  const inOrder = found.flat().sort((one, other) => one.position - other.position);
  return inOrder.slice(0, wanted.limit);
}

async function firstOf(
  log: EventLog,
  stream: string,
  { after, limit }: EventsAfter,
): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = [];
  for await (const page of pagesOfStream(log, stream)) {
    found.push(...page.filter(({ position }) => position > after));
    if (found.length >= limit) break;
  }
  return found;
}
