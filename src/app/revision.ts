/** Whether a task has moved since a caller looked at it. */
import { streams } from '../domain/catalogue.ts';
import type { EventMeta } from '../domain/event.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { LogReader } from '../log/event-log.ts';
import type { Loader } from './load.ts';
import type { Caller } from './plan.ts';
import { noSuchTask } from './plans.ts';

/** The refusal that says who moved the task the caller saw; undefined when it still stands so. */
export async function movedSince(
  seen: NonNullable<Caller['seen']>,
  loader: Loader,
  log: LogReader,
): Promise<Refusal | undefined> {
  const { taskId } = seen;
  const { version, state } = await loader.task(taskId);
  if (version === seen.version) return undefined;
  if (state === undefined) return noSuchTask(taskId);
  const [last] = await log.readStream(streams.task(taskId), { direction: 'backward', limit: 1 });
  const { actor, at } = JSON.parse(last?.meta ?? '{}') as Partial<EventMeta>;
  const by = actor === undefined ? '' : ` by ${actor.kind} ${actor.id}`;
  return refuse('revision_moved', `${taskId} was changed${by} since it was looked at.`, {
    hint: 'Look at it again, and decide anew.',
    facts: {
      ...{ taskId, expected: seen.version, version },
      ...{ lastType: last?.type ?? null, lastBy: actor?.id ?? null, lastAtMs: at ?? null },
    },
  });
}
