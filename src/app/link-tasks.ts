/**
 * Linking tasks: the graph of dependencies stays free of circles, whoever links at the same time.
 */
import { closesCycle } from '../domain/readiness.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Loaded, Loader } from './load.ts';
import { decideOn, guardAt, writeAt } from './plans.ts';
import type { Session } from './session.ts';
import { type TaskAnswer, taskPlan } from './task-plan.ts';

/** Tasks above a parent that are looked through for a circle, and pinned, in one append. */
const ancestorsMax = 5_000;

/** Makes one task wait for another. */
export function linkTasks(
  session: Session,
  parentId: string,
  childId: string,
): Promise<TaskAnswer | Refusal> {
  return session.execute<TaskAnswer>(session.caller, async ({ loader }) => {
    const loaded = await loader.task(childId);
    const parent = await loader.task(parentId);
    const walked = await ancestors(loader, parentId);
    if (walked === undefined) return tooManyAncestors(childId, parentId);
    const circle = closesCycle({ childId, parentId }, (id) => walked.parentsOf(id));
    const decision = decideOn(childId, loaded, {
      type: 'AddParent',
      taskId: childId,
      parentId,
      parentExists: parent.state !== undefined,
      closesCycle: circle,
    });
    if (decision.refused) return decision;
    const guards = decision.events.length === 0 ? [] : walked.guards;
    return taskPlan(childId, loaded, [writeAt(loaded, decision.events), ...guards]);
  });
}

function tooManyAncestors(childId: string, parentId: string): Refusal {
  const found = `more than ${ancestorsMax} tasks are above it`;
  return refuse('invalid', `Cannot make ${childId} wait for ${parentId}: ${found}.`, {
    hint: 'Let it wait for a task with fewer behind it.',
    facts: { childId, parentId, ancestorsMax },
  });
}

/**
 * Everything above a task, pinned, so that two links made at once cannot close a circle; undefined
 * when that is too much to look through.
 */
async function ancestors(loader: Loader, taskId: string) {
  const seen = new Map<string, Loaded<{ parents: readonly string[] } | undefined>>();
  const open = [taskId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    const loaded = await loader.task(id);
    seen.set(id, loaded);
    open.push(...(loaded.state?.parents ?? []));
    if (seen.size > ancestorsMax) return undefined;
  }
  return {
    parentsOf: (id: string) => seen.get(id)?.state?.parents ?? [],
    guards: [...seen.values()].map(guardAt),
  };
}
