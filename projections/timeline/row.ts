/** The rows of `timeline` that one event makes. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { Actor, Surface } from '../../src/domain/event.ts';
import type { Json, JsonObject } from '../../src/domain/limits.ts';
import type { Change, Step } from '../projection.ts';
import type { TaskRow } from '../tasks/row.ts';
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

/** The rows of an event and of what followed from it. */
export function timelineRows(step: Step): readonly TimelineRow[] {
  const importance = importanceOf(step.event);
  if (importance === null) return [];
  const own = ownRow(step, importance);
  const consequences = step.tasks.flatMap(consequenceOf);
  if (consequences.length === 0) return [own];
  const because = { type: step.event.type, taskId: own.taskId };
  return [
    own,
    ...consequences.map(({ taskId, type }, index) => ({
      ...own,
      ordinal: index + 1,
      taskId,
      runId: null,
      type,
      importance: 2 as const,
      data: { because },
    })),
  ];
}

function ownRow(step: Step, importance: Importance): TimelineRow {
  const { event } = step;
  const { actor, surface, at, $correlationId, $causationId } = event.meta;
  return {
    position: event.position,
    ordinal: 0,
    atMs: at,
    ...subjectOf(step),
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
  const category = event.stream.slice(0, event.stream.indexOf('-'));
  if (category === 'run') {
    return { taskId: runs[0]?.after.taskId ?? null, runId: streamId(event.stream) };
  }
  const isAboutTask = category === 'task' || category === 'note' || category === 'refused';
  const runId = 'runId' in event.data ? (event.data.runId ?? null) : null;
  return { taskId: isAboutTask ? streamId(event.stream) : null, runId };
}

function consequenceOf({ before, after }: Change<TaskRow>) {
  const type = consequenceType(before, after);
  return type === undefined ? [] : [{ type, taskId: after.taskId }];
}

function consequenceType(before: TaskRow | undefined, after: TaskRow): string | undefined {
  if (before?.status === after.status) return undefined;
  if (after.status === 'ready') return 'became_ready';
  return after.status === 'waiting' ? 'began_to_wait' : undefined;
}

/** The event's data at a length that fits a list. The log has the whole of it. */
function brief(data: Recorded['data']): JsonObject {
  const { body: _body, policy: _policy, ...rest } = data as JsonObject;
  return cutObject(rest);
}

function cutObject(value: JsonObject): JsonObject {
  const entries = Object.entries(value).slice(0, itemsMax);
  return Object.fromEntries(entries.map(([key, item]) => [key, cut(item)]));
}

function cut(value: Json): Json {
  if (typeof value === 'string') {
    return value.length <= textCharsMax ? value : `${value.slice(0, textCharsMax)}…`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, itemsMax).map(cut);
  return cutObject(value as JsonObject);
}
