/** The events at which somebody who watches the past of a board wants to stop and look. */
import type { Recorded } from './catalogue.ts';

/**
 * Kinds of events to stop at.
 *
 * - `reclaim`: a task was taken from its worker, by rule or by a person.
 * - `refused`: a stale worker's write was refused.
 * - `failure`: an attempt failed, or the breaker halted its task.
 * - `human`: a person stepped in. Making boards and tasks is no stepping in.
 */
export const turningPoints = ['reclaim', 'refused', 'failure', 'human'] as const;
export type TurningPoint = (typeof turningPoints)[number];

const byType: Readonly<Partial<Record<Recorded['type'], TurningPoint>>> = {
  RunReclaimed: 'reclaim',
  RunWentStale: 'reclaim',
  WriteRefused: 'refused',
  RefusalsSummarized: 'refused',
  RunCrashed: 'failure',
  RunTimedOut: 'failure',
  SpawnFailed: 'failure',
  ProtocolViolated: 'failure',
  TaskHalted: 'failure',
};

/** Making something is no stepping in; of the others the task's own event, next to it, says it. */
const quiet: ReadonlySet<string> = new Set<Recorded['type']>([
  ...(['BoardCreated', 'TaskCreated', 'RunOpened', 'RunCompleted', 'RunBlocked'] as const),
  ...(['HeartbeatRecorded', 'UsageRecorded'] as const),
]);

/** What kinds an event is of; most are of none. */
export function turningPointsOf({
  type,
  meta,
}: Pick<Recorded, 'type' | 'meta'>): readonly TurningPoint[] {
  const kind = byType[type];
  const isByPerson = meta.actor.kind === 'human' && !quiet.has(type);
  return [...(kind === undefined ? [] : [kind]), ...(isByPerson ? (['human'] as const) : [])];
}
