/** Reads the stories that an answer to "why?" is drawn from, each once and no more of them. */
import type { Queries, TimelineRow } from '../../projections/index.ts';
import { type BoardDomainEvent, type Recorded, streams } from '../domain/catalogue.ts';
import type { JsonObject } from '../domain/limits.ts';
import type { RunEvent } from '../domain/run/events.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import { type Chain, chainMax, type Start, walkBack } from '../domain/why/chain.ts';
import type { RunStory, Stories, TaskStory, Turn } from '../domain/why/facts.ts';
import { codec } from '../log/codec.ts';
import type { EventLog } from '../log/event-log.ts';

/** Events of a task's own stream that are read: its end. */
const taskEventsMax = 1_000;

/** Times a task became ready or began to wait that are read: the last ones. */
const turnsMax = 500;

/** Events of a run that are read from either end: how it began, and how it ended. */
const runEdge = 4;

/** Events that are read at a time on the way back to one of a kind. */
const pageSize = 100;

type IsOne<E extends Recorded> = (event: Recorded) => event is E;

/** Reads stories, and remembers them. */
export interface StoryReader {
  readonly stories: Stories;
  task(taskId: string): Promise<TaskStory>;
  run(runId: string): Promise<RunStory>;
  /** The last event of a stream that is of this kind, however long ago; undefined without one. */
  last<E extends Recorded>(stream: string, isOne: IsOne<E>): Promise<E | undefined>;
  /** The first event of a stream; undefined for one that is empty. */
  first(stream: string): Promise<Recorded | undefined>;
  /** The event at a position; undefined where there is none any more. */
  at(position: number): Promise<Recorded | undefined>;
  /** The chain that leads to a task or run, as long as an answer shows. */
  chain(start: Start): Promise<Chain>;
}

/** A reader that has read nothing yet. */
export function createStoryReader(log: EventLog, queries: Queries): StoryReader {
  const tasks = new Map<string, TaskStory>();
  const runs = new Map<string, RunStory>();
  const stories: Stories = { tasks, runs };

  async function tail(stream: string, limit: number): Promise<readonly Recorded[]> {
    return (await log.readStream(stream, { direction: 'backward', limit })).map(codec.decode);
  }

  async function last<E extends Recorded>(stream: string, isOne: IsOne<E>) {
    const back = { direction: 'backward', limit: pageSize } as const;
    let page = await log.readStream(stream, back);
    for (;;) {
      const found = page.map(codec.decode).find(isOne);
      const oldest = page.at(-1)?.version ?? 0;
      if (found !== undefined || oldest === 0) return found;
      page = await log.readStream(stream, { ...back, from: oldest - 1 });
    }
  }

  async function first(stream: string): Promise<Recorded | undefined> {
    const [stored] = await log.readStream(stream, { limit: 1 });
    return stored && codec.decode(stored);
  }

  async function at(position: number): Promise<Recorded | undefined> {
    const [stored] = await log.readAll({ after: position - 1, limit: 1 });
    return stored?.position === position ? codec.decode(stored) : undefined;
  }

  async function task(taskId: string): Promise<TaskStory> {
    const known = tasks.get(taskId);
    if (known !== undefined) return known;
    const newest = (await tail(streams.task(taskId), taskEventsMax)) as Recorded<TaskEvent>[];
    const story = { taskId, events: newest.toReversed(), turns: turnsOf(queries, taskId) };
    tasks.set(taskId, story);
    return story;
  }

  async function run(runId: string): Promise<RunStory> {
    const known = runs.get(runId);
    if (known !== undefined) return known;
    const stream = streams.run(runId);
    const opening = (await log.readStream(stream, { limit: runEdge })).map(codec.decode);
    const since = opening.at(-1)?.version ?? -1;
    const ending = opening.length < runEdge ? [] : (await tail(stream, runEdge)).toReversed();
    const events = [...opening, ...ending.filter(({ version }) => version > since)];
    const story = { runId, taskId: taskOf(events), events: events as Recorded<RunEvent>[] };
    runs.set(runId, story);
    return story;
  }

  async function chain(start: Start): Promise<Chain> {
    for (;;) {
      const walked = walkBack(stories, start);
      const { missing, links, more } = walked;
      if (missing === undefined || links.length + more > chainMax) return walked;
      await ('runId' in missing ? run(missing.runId) : task(missing.taskId));
    }
  }

  return { stories, task, run, last, first, at, chain };
}

function taskOf(events: readonly BoardDomainEvent[]): string {
  const [opening] = events;
  return opening?.type === 'RunOpened' ? opening.data.taskId : '';
}

function turnsOf(queries: Queries, taskId: string): readonly Turn[] {
  const kinds = ['became_ready', 'began_to_wait'];
  const rows = queries.timeline({ taskId, kinds, newestFirst: true, limit: turnsMax });
  return rows.toReversed().map(turnOf);
}

function turnOf({ type, position, atMs, data }: TimelineRow): Turn {
  const because = (data['because'] ?? {}) as JsonObject;
  const taskId = typeof because['taskId'] === 'string' ? because['taskId'] : null;
  return { type: type as Turn['type'], position, atMs, taskId };
}
