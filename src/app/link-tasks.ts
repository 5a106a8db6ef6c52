/**
 * Linking tasks: the graph of dependencies stays free of circles, whoever links at the same time.
 */
import { closesCycle } from '../domain/readiness.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Loaded, Loader } from './load.ts';
import { decideOn, guardAt, writeAt } from './plans.ts';
import type { Session } from './session.ts';
import { type TaskAnswer, taskPlan } from './task-plan.ts';

/** Parents visited while looking for a circle before a link is refused as too deep. */
const cycleVisitsMax = 10_000;

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

/** Everything above a task, pinned, so that two links made at once cannot close a circle. */
async function ancestors(loader: Loader, taskId: string) {
  const seen = new Map<string, Loaded<{ parents: readonly string[] } | undefined>>();
  const open = [taskId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    const loaded = await loader.task(id);
    seen.set(id, loaded);
    open.push(...(loaded.state?.parents ?? []));
    if (seen.size > cycleVisitsMax) throw new Error(`more than ${cycleVisitsMax} ancestors`);
  }
  return {
    parentsOf: (id: string) => seen.get(id)?.state?.parents ?? [],
    guards: [...seen.values()].map(guardAt),
  };
}
