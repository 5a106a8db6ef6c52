/** Follows the links between events: back to what led to one, and on to what followed from it. */
import { importanceOf } from '../../projections/timeline/importance.ts';
import { entryOf, type TimelineRow } from '../../projections/timeline/row.ts';
import { type Recorded, streamId } from '../domain/catalogue.ts';
import { type CauseOf, causesIn } from '../domain/causes.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { codec } from '../log/codec.ts';
import type { EventLog, Position } from '../log/event-log.ts';
import { pagesBefore } from '../log/pages.ts';
import { positionAt } from './position-at.ts';
import type { StorySource } from './story.ts';

/** Longest way back; a circle cannot be, but a log may be damaged. */
const stepsMax = 1_000;

/** The position that a position or the id of an event means; an id is looked for from the end. */
export async function eventPosition(
  log: EventLog,
  word: string,
  nowMs: number,
): Promise<{ readonly refused: false; readonly position: Position } | Refusal> {
  const digits = /^#?(\d{1,15})$/.exec(word.trim())?.[1];
  if (digits !== undefined) return positionAt(log, { position: Number(digits) }, nowMs);
  for await (const page of pagesBefore(log, Number.MAX_SAFE_INTEGER)) {
    const found = page.find(({ id }) => id === word.trim().toLowerCase());
    if (found !== undefined) return { refused: false, position: found.position };
  }
  return refuse('no_such_event', `There is no event “${word.slice(0, 60)}”.`, {
    hint: 'Give a position or an event id; `logboard events` prints both.',
    facts: { event: word },
  });
}

/** Follows links over this source. */
export function createCausality({ reader, queries }: StorySource, log: EventLog) {
  const known = new Map<string, Promise<{ events: readonly Recorded[]; causeOf: CauseOf }>>();

  async function at(position: Position): Promise<Recorded | undefined> {
    const stored = (await log.readAll({ after: position - 1, limit: 1 }))[0];
    return stored?.position === position ? codec.decode(stored) : undefined;
  }

  function storyOf(taskId: string) {
    const story = known.get(taskId) ?? read(taskId);
    known.set(taskId, story);
    return story;
  }

  async function read(taskId: string) {
    const past = await reader.task(taskId);
    return { events: past.events, causeOf: causesIn(past) };
  }

  /** The task that an event is about; null when it is about the board. */
  function taskOf({ stream, data }: Recorded): string | null {
    if (stream.startsWith('run-')) {
      const opened = 'taskId' in data ? data.taskId : undefined;
      return opened ?? queries.run(streamId(stream))?.taskId ?? null;
    }
    return /^(task|note|refused)-/.test(stream) ? streamId(stream) : null;
  }

  function entry(event: Recorded): TimelineRow {
    const inData = 'runId' in event.data ? (event.data.runId ?? null) : null;
    const runId = event.stream.startsWith('run-') ? streamId(event.stream) : inData;
    return entryOf(event, { taskId: taskOf(event), runId }, importanceOf(event) ?? 1);
  }

  async function causeOf(event: Recorded): Promise<Recorded | undefined> {
    const taskId = taskOf(event);
    const position = taskId === null ? undefined : (await storyOf(taskId)).causeOf(event);
    return position === undefined ? undefined : at(position);
  }

  /** What led to the event at a position, from the beginning on; the event comes last. */
  async function causes(position: Position): Promise<readonly TimelineRow[]> {
    const chain: TimelineRow[] = [];
    let event = await at(position);
    while (event !== undefined && chain.length < stepsMax) {
      chain.push(entry(event));
      event = await causeOf(event);
    }
    return chain.toReversed();
  }

  /** What followed from the event at a position, in order; the event comes first. */
  async function effects(position: Position, limit: number): Promise<readonly TimelineRow[]> {
    const first = await at(position);
    const found = new Map<Position, Recorded>();
    const open = first === undefined ? [] : [first];
    for (let event = open.shift(); event !== undefined; event = open.shift()) {
      if (found.size >= limit) break;
      found.set(event.position, event);
      const next = await directEffects(event);
      open.push(...next.filter((each) => !found.has(each.position)));
      open.sort((one, other) => one.position - other.position);
    }
    const events = [...found.values()].sort((one, other) => one.position - other.position);
    return events.flatMap((event) => [entry(event), ...turnsAt(event)]);
  }

  /** A task's own next steps, and those of the tasks that waited for it. */
  async function directEffects(event: Recorded): Promise<readonly Recorded[]> {
    const taskId = taskOf(event);
    if (taskId === null) return [];
    const children = queries.children(taskId, 0).map((child) => child.taskId);
    const effects: Recorded[] = [];
    for (const id of [taskId, ...children]) {
      const story = await storyOf(id);
      for (const later of story.events) {
        const isOwn = later.position > event.position && taskOf(later) === id;
        if (isOwn && story.causeOf(later) === event.position) effects.push(later);
      }
    }
    return effects;
  }

  /** Which tasks became ready, or began to wait, with an event. */
  function turnsAt({ position }: Recorded): readonly TimelineRow[] {
    const kinds = ['became_ready', 'began_to_wait'];
    const place = { afterPosition: position - 1, beforePosition: position + 1 };
    return queries.timeline({ ...place, kinds, limit: 1_000 });
  }

  return { causes, effects };
}
