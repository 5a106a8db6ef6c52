/** Which tasks an event is about, on a board that does not contain it yet. */
import type { Queries } from '../../../projections/index.ts';
import type { TimelineRow } from '../../../projections/timeline/row.ts';
import { type Recorded, streamId } from '../../domain/catalogue.ts';
import type { JsonObject } from '../../domain/limits.ts';

/** The task an event belongs to; null when it is about the board or a dispatcher. */
export function taskOf(event: Recorded, queries: Queries): string | null {
  const { stream } = event;
  if (event.type === 'RunOpened') return event.data.taskId;
  if (stream.startsWith('run-')) return queries.run(streamId(stream))?.taskId ?? null;
  return /^(task|note|refused)-/.test(stream) ? streamId(stream) : null;
}

/**
 * Whether an event belongs to one of these tasks, or to one that waits for them or that they wait
 * for: only those can change what is seen of a task.
 */
export function isAboutOne(event: Recorded, taskIds: readonly string[], queries: Queries): boolean {
  const own = taskOf(event, queries);
  if (own === null) return false;
  if (taskIds.includes(own)) return true;
  return relatives(event, own, queries).some((id) => taskIds.includes(id));
}

/** After these a task may satisfy those that wait for it, or no longer. */
const ripples: ReadonlySet<string> = new Set<Recorded['type']>([
  ...(['TaskCompleted', 'ReviewApproved', 'TaskReopened'] as const),
  ...(['TaskArchived', 'TaskRestored', 'TaskTombstoned', 'ParentRemoved'] as const),
]);

function relatives(event: Recorded, own: string, queries: Queries): readonly string[] {
  if (event.type === 'TaskCreated') return event.data.parents ?? [];
  if (event.type === 'ParentAdded') return [event.data.parentId];
  if (!ripples.has(event.type)) return [];
  const task = queries.task(own, event.meta.at);
  const children = queries.children(own, event.meta.at).map(({ taskId }) => taskId);
  return [...(task?.parents ?? []), ...children];
}

/** An event that has no row in the timeline, as if it had one: a beat, the opening of a run. */
export function unlisted(event: Recorded, queries: Queries): TimelineRow {
  const { actor, surface, at, $correlationId, $causationId } = event.meta;
  return {
    position: event.position,
    ordinal: 0,
    atMs: at,
    taskId: taskOf(event, queries),
    runId: event.stream.startsWith('run-') ? streamId(event.stream) : null,
    type: event.type,
    importance: 1,
    actorKind: actor.kind,
    actorId: actor.id,
    surface,
    data: event.data as JsonObject,
    correlationId: $correlationId,
    causationId: $causationId,
  };
}
