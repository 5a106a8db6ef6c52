/** The tasks around a task: what it waits for and what waits for it, some steps far. */
import { type Status, statusOf } from '../../domain/readiness.ts';
import type { BoardFold } from './board-fold.ts';

/** A task of a neighbourhood. */
export interface Neighbour {
  readonly taskId: string;
  /** Steps away: -1 for its parents, 1 for its children, 0 for itself. */
  readonly step: number;
  /** Null when the board at hand does not have the task: it was archived, for example. */
  readonly seen: { readonly title: string; readonly status: Status } | null;
}

/** A task with those around it, the nearest ones first. */
export interface Neighbourhood {
  readonly tasks: readonly Neighbour[];
  /** What leads to what, among these tasks. */
  readonly links: readonly { readonly parentId: string; readonly childId: string }[];
  /** Tasks that are further away, or too many. */
  readonly before: number;
  readonly after: number;
}

/** How much is shown. */
export interface Reach {
  readonly stepsMax: number;
  readonly tasksMax: number;
}

/** What a picture beside the task has room for. */
export const pictured: Reach = { stepsMax: 2, tasksMax: 60 };

/** The neighbourhood of a task at a moment; of one that nothing is linked to, only itself. */
export function neighbourhoodOf(
  fold: Pick<BoardFold, 'tasks' | 'childIds'>,
  taskId: string,
  nowMs: number,
  { stepsMax, tasksMax }: Reach = pictured,
): Neighbourhood {
  const parentIds = (id: string) => fold.tasks.get(id)?.task.parents ?? [];
  const before = stepsFrom(taskId, parentIds);
  const after = stepsFrom(taskId, fold.childIds);
  const all = [[taskId, 0] as const, ...before.map(upwards), ...after];
  const shown = all
    .filter(([, step]) => Math.abs(step) <= stepsMax)
    .sort(([, one], [, other]) => Math.abs(one) - Math.abs(other))
    .slice(0, tasksMax);
  const ids = new Set(shown.map(([id]) => id));
  const left = (some: readonly Step[]) => some.filter(([id]) => !ids.has(id)).length;
  return {
    tasks: shown.map(([id, step]) => ({ taskId: id, step, seen: seenOf(fold, id, nowMs) })),
    links: shown.flatMap(([childId]) =>
      parentIds(childId).flatMap((parentId) => (ids.has(parentId) ? [{ parentId, childId }] : [])),
    ),
    before: left(before),
    after: left(after),
  };
}

type Step = readonly [taskId: string, step: number];

const upwards = ([taskId, step]: Step): Step => [taskId, -step];

/** Everything that can be reached, the nearest first. */
function stepsFrom(start: string, next: (id: string) => readonly string[]): readonly Step[] {
  const steps = new Map([[start, 0]]);
  for (const [id, step] of steps) {
    for (const other of next(id)) if (!steps.has(other)) steps.set(other, step + 1);
  }
  steps.delete(start);
  return [...steps];
}

function seenOf({ tasks }: Pick<BoardFold, 'tasks'>, taskId: string, nowMs: number) {
  const record = tasks.get(taskId);
  if (record === undefined) return null;
  const { task, openParents } = record;
  return { title: task.title, status: statusOf(task, { openParents, nowMs }) };
}
