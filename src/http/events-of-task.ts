/** The events of one task: its own, those of its runs, comments on it, and what was refused. */
import type { Queries } from '../../projections/index.ts';
import { streams } from '../domain/catalogue.ts';
import type { EventLog, Position, StoredEvent } from '../log/event-log.ts';
import { pagesOfStream } from '../log/pages.ts';

/** Where they are read from. */
export interface TaskEvents {
  readonly log: EventLog;
  /** Contain at least what is asked about. */
  readonly queries: Queries;
}

/** Which of them. */
export interface EventsAfter {
  readonly after: Position;
  readonly limit: number;
}

/** The first events of a task after a place, however far apart they stand in the log. */
export async function eventsOfTask(
  { log, queries }: TaskEvents,
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
