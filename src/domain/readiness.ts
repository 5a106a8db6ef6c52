/** When a task may be worked on: dependencies, schedule, cycles, and the order of the queue. */
import type { Standing, Task } from './task/state.ts';

/** The statuses people see. Nothing stores them as a decision; they follow from the events. */
export const statuses = [
  'triage',
  'waiting',
  'scheduled',
  'ready',
  'running',
  'review',
  'done',
  'blocked',
  'halted',
  'archived',
  'tombstoned',
] as const;
export type Status = (typeof statuses)[number];

/** What a task's status depends on besides its own standing. */
export interface Surroundings {
  /** Parents that are neither satisfied nor waived. */
  readonly openParents: number;
  readonly nowMs: number;
}

/**
 * The one predicate for dependencies: done satisfies; archived and tombstoned satisfy only if the
 * parent had been done before; nothing else does.
 */
export function satisfies(parent: Standing | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.status === 'archived' || parent.status === 'tombstoned') {
    return parent.before.status === 'done';
  }
  return parent.status === 'done';
}

/** The parents that keep a task waiting, given how to look one up. */
export function openParents(
  task: Pick<Task, 'parents' | 'waivedParents'>,
  standingOf: (parentId: string) => Standing | undefined,
): readonly string[] {
  return task.parents.filter(
    (id) => !task.waivedParents.includes(id) && !satisfies(standingOf(id)),
  );
}

/** The status people see. */
export function statusOf(
  task: Pick<Task, 'standing' | 'notBeforeMs'>,
  surroundings: Surroundings,
): Status {
  if (task.standing.status !== 'queued') return task.standing.status;
  if (surroundings.openParents > 0) return 'waiting';
  const isHeld = task.notBeforeMs !== null && task.notBeforeMs > surroundings.nowMs;
  return isHeld ? 'scheduled' : 'ready';
}

/** Whether making `parentId` a parent of `childId` would close a circle of dependencies. */
export function closesCycle(
  link: { childId: string; parentId: string },
  parentsOf: (taskId: string) => readonly string[],
): boolean {
  const seen = new Set<string>();
  const open = [link.parentId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === link.childId) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...parentsOf(id));
  }
  return false;
}

/**
 * A circle of dependencies among these tasks, if there is one: a task, those it waits for in turn,
 * and itself again.
 */
export function findCycle(
  taskIds: readonly string[],
  parentsOf: (taskId: string) => readonly string[],
): readonly string[] | undefined {
  const finished = new Set<string>();
  for (const start of taskIds) {
    const path: { id: string; left: string[] }[] = [];
    const onPath = new Set<string>();
    const enter = (id: string) => {
      path.push({ id, left: [...parentsOf(id)] });
      onPath.add(id);
    };
    if (!finished.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        finished.add(top.id);
        onPath.delete(top.id);
        path.pop();
      } else if (onPath.has(next)) {
        const ids = path.map(({ id }) => id);
        return [...ids.slice(ids.indexOf(next)), next];
      } else if (!finished.has(next)) enter(next);
    }
  }
  return undefined;
}
