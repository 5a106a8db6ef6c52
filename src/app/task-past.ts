/** Reads what is known of a task from the log: its streams, its runs, and whom it waited for. */
import { type Recorded, streams } from '../domain/catalogue.ts';
import type { TaskPast } from '../domain/life.ts';
import { codec } from '../log/codec.ts';
import type { EventLog } from '../log/event-log.ts';
import { pagesOfStream } from '../log/pages.ts';

/** Reads pasts; a stream that several tasks need is read once. */
export interface PastReader {
  /** The events of a stream, first to last. */
  stream(name: string): Promise<readonly Recorded[]>;
  /** The past of a task; without events when there is no such task. */
  task(taskId: string): Promise<TaskPast>;
}

/** A reader over a log, for as long as one answer takes: it does not notice what is added. */
export function createPastReader(log: EventLog): PastReader {
  const read = new Map<string, Promise<readonly Recorded[]>>();

  function stream(name: string): Promise<readonly Recorded[]> {
    const known = read.get(name) ?? readWhole(log, name);
    read.set(name, known);
    return known;
  }

  async function task(taskId: string): Promise<TaskPast> {
    const own = await stream(streams.task(taskId));
    const beside = [
      ...runsIn(own).map(streams.run),
      ...parentsIn(own).map(streams.task),
      ...(own.length === 0 ? [] : [streams.note(taskId), streams.refused(taskId)]),
    ];
    const others = await Promise.all(beside.map(stream));
    const events = [...own, ...others.flat()].sort((one, other) => one.position - other.position);
    return { taskId, events };
  }

  return { stream, task };
}

async function readWhole(log: EventLog, name: string): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  for await (const page of pagesOfStream(log, name)) {
    for (const stored of page) events.push(codec.decodeUnchecked(stored));
  }
  return events;
}

/** The runs that held the task, and those that only keep a record. */
function runsIn(events: readonly Recorded[]): readonly string[] {
  const ids = events.flatMap(({ data }) => ('runId' in data ? (data.runId ?? []) : []));
  return [...new Set(ids)];
}

/** Every task it ever waited for. */
function parentsIn(events: readonly Recorded[]): readonly string[] {
  const ids = events.flatMap(({ type, data }) => {
    if (type === 'TaskCreated') return data.parents ?? [];
    return type === 'ParentAdded' ? [data.parentId] : [];
  });
  return [...new Set(ids)];
}
