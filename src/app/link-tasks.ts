/**
 * Linking tasks: the graph of dependencies stays free of circles, whoever links at the same time.
 * Where the log is not atomic nobody can pin what is above a task, so it is looked at again when
 * the link stands: of two that close a circle the later one sees the other, and is taken back.
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
export async function linkTasks(
  session: Session,
  parentId: string,
  childId: string,
): Promise<TaskAnswer | Refusal> {
  const answer = await addLink(session, parentId, childId);
  const isSure = answer.refused || !answer.changed || session.log.atomic;
  return isSure ? answer : ((await takeBack(session, parentId, childId)) ?? answer);
}

/** Takes a link back that has closed a circle; undefined when it has not. */
async function takeBack(
  session: Session,
  parentId: string,
  childId: string,
): Promise<Refusal | undefined> {
  const { loader } = session.memory.fresh();
  const walked = await ancestors(loader, parentId);
  const isCircle =
    walked === undefined || closesCycle({ childId, parentId }, (id) => walked.parentsOf(id));
  if (!isCircle) return undefined;
  // A command of its own: it must not be taken for a repeat of the one that linked.
  const { commandId: _commandId, seen: _seen, ...caller } = session.caller;
  await session.execute<TaskAnswer>(caller, async (moment) => {
    const loaded = await moment.loader.task(childId);
    const decision = decideOn(childId, loaded, { type: 'RemoveParent', parentId });
    if (decision.refused) return decision;
    return taskPlan(childId, loaded, [writeAt(loaded, decision.events)]);
  });
  return cycleAtTheSameTime(parentId, childId);
}

function cycleAtTheSameTime(parentId: string, childId: string): Refusal {
  return refuse('cycle', `${childId} cannot wait for ${parentId}: a circle was just closed.`, {
    hint: 'Somebody linked these tasks the other way round at the same time; look at both.',
    facts: { childId, parentId },
  });
}

function addLink(
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
