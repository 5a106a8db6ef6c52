/** The rows of `timeline` that one event makes. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { Actor, Surface } from '../../src/domain/event.ts';
import { cut, type Json, type JsonObject } from '../../src/domain/limits.ts';
import type { Status } from '../../src/domain/readiness.ts';
import type { Step } from '../projection.ts';
import { type Importance, importanceOf } from './importance.ts';

/** An entry in the story of the board. */
export interface TimelineRow {
  /** Position of the event. */
  readonly position: number;
  /** 0 for the event itself; 1, 2 … for what followed from it. */
  readonly ordinal: number;
  /** Wall clock, UTC ms, for display: order is position, then ordinal. */
  readonly atMs: number;
  readonly taskId: string | null;
  readonly runId: string | null;
  /** The event's type, or `became_ready` or `began_to_wait`. */
  readonly type: string;
  readonly importance: Importance;
  readonly actorKind: Actor['kind'];
  readonly actorId: string;
  readonly surface: Surface;
  /**
   * The event's data; long texts are cut, large parts left out. Of what followed: `because`, the
   * type of the event and the task it happened to.
   */
  readonly data: JsonObject;
  readonly correlationId: string;
  readonly causationId: string;
}

/** Longest text kept from an event's data, in characters. */
const textCharsMax = 200;

/** Most items kept of a list or an object inside an event's data. */
const itemsMax = 10;

/** What the rows of tasks and runs have in full. */
const keptElsewhere: ReadonlySet<string> = new Set([
  ...['body', 'policy', 'metadata', 'artifacts', 'heartbeats'],
  ...['argv', 'startTime', 'bootId', 'nonce', 'workspace', 'logPath'],
]);

/** The rows of an event and of what followed from it. */
export function timelineRows(step: Step): readonly TimelineRow[] {
  const importance = importanceOf(step.event);
  if (importance === null) return [];
  const own = ownRow(step, importance);
  const rows = [own];
  for (const { before, after } of step.tasks) {
    const type = consequenceOf(before?.status, after.status);
    if (type === undefined) continue;
    const data = { because: { type: step.event.type, taskId: own.taskId } };
    const { taskId } = after;
    rows.push({ ...own, ordinal: rows.length, taskId, runId: null, type, importance: 2, data });
  }
  return rows;
}

function ownRow(step: Step, importance: Importance): TimelineRow {
  return entryOf(step.event, subjectOf(step), importance);
}

/** The entry of an event, whether or not the table has one. */
export function entryOf(
  event: Recorded,
  { taskId, runId }: Pick<TimelineRow, 'taskId' | 'runId'>,
  importance: Importance,
): TimelineRow {
  const { actor, surface, at, $correlationId, $causationId } = event.meta;
  return {
    position: event.position,
    ordinal: 0,
    atMs: at,
    taskId,
    runId,
    type: event.type,
    importance,
    actorKind: actor.kind,
    actorId: actor.id,
    surface,
    data: brief(event.data),
    correlationId: $correlationId,
    causationId: $causationId,
  };
}

/** The task and the run that an event is about. */
function subjectOf({ event, runs }: Step): Pick<TimelineRow, 'taskId' | 'runId'> {
  const { stream } = event;
  if (stream.startsWith('run-')) {
    return { taskId: runs[0]?.after.run.opened.taskId ?? null, runId: streamId(stream) };
  }
  const runId = 'runId' in event.data ? (event.data.runId ?? null) : null;
  return { taskId: isAboutTask(stream) ? streamId(stream) : null, runId };
}

function isAboutTask(stream: string): boolean {
  return ['task-', 'note-', 'refused-'].some((prefix) => stream.startsWith(prefix));
}

/** What a change of status means to whoever waits for the task; undefined when nothing. */
function consequenceOf(before: Status | undefined, after: Status): string | undefined {
  if (before === after) return undefined;
  if (after === 'ready') return 'became_ready';
  return after === 'waiting' ? 'began_to_wait' : undefined;
}

/** The event's data at a length that fits a list. The log has the whole of it. */
function brief(data: Recorded['data']): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(data as JsonObject)) {
    if (!keptElsewhere.has(key)) kept[key] = shortened(value);
  }
  return kept;
}

function shortenedObject(value: JsonObject): JsonObject {
  const entries = Object.entries(value).slice(0, itemsMax);
  return Object.fromEntries(entries.map(([key, item]) => [key, shortened(item)]));
}

function shortened(value: Json): Json {
  if (typeof value === 'string') {
    return value.length <= textCharsMax ? value : `${cut(value, textCharsMax)}…`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, itemsMax).map(shortened);
  return shortenedObject(value as JsonObject);
}
