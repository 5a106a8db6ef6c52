/** A page of tasks: filtered, in order, from where the last page ended. */
import * as z from 'zod';
import {
  placeOf,
  type TaskFilter,
  type TaskSort,
  taskSorts,
} from '../../projections/tasks/queries.ts';
import { said } from '../domain/said.ts';
import { taskJson } from '../wire/task-json.ts';
import { cursorOf, cursorSchema } from './cursor.ts';
import { flag, limitUpTo, nameOrNobody, statusList } from './query-fields.ts';
import type { Reading } from './route.ts';

/** Which tasks; every condition that is given must hold. */
export const taskFilterFields = {
  status: statusList.optional(),
  assignee: nameOrNobody.optional(),
  tenant: z.string().optional(),
  createdBy: z.string().optional(),
  workflowTemplateId: z.string().optional(),
  stepKey: z.string().optional(),
  archived: flag.optional(),
  /** Words that must all be in it: title, body, comments, reasons, results. */
  q: z.string().max(1_000).optional(),
};

/** What a list of tasks may be asked. */
export const listFields = {
  ...taskFilterFields,
  sort: z.enum(taskSorts).optional(),
  limit: limitUpTo(1_000, 100),
  cursor: cursorSchema.optional(),
};

type Wanted = z.infer<z.ZodObject<typeof listFields>>;

/** Most tasks that a search is narrowed down from. */
const hitsMax = 1_000;

/** The conditions of a filter, as the tables take them; the words of `q` are apart. */
export function filterOf(wanted: z.infer<z.ZodObject<typeof taskFilterFields>>): TaskFilter {
  const { status, assignee, tenant, createdBy, workflowTemplateId, stepKey, archived } = wanted;
  const includeArchived = archived && status === undefined ? true : undefined;
  return said({
    status,
    assignee,
    tenant,
    createdBy,
    workflowTemplateId,
    stepKey,
    includeArchived,
  });
}

/** The page, how many there are in all, and the cursor of the next one; null on the last. */
export function listTasks({ queries, nowMs }: Reading, wanted: Wanted) {
  const { q, limit, cursor } = wanted;
  if (q !== undefined) return searched({ queries, nowMs }, q, wanted);
  const filter = filterOf(wanted);
  const sort: TaskSort = cursor?.sort ?? wanted.sort ?? 'created';
  const page = { sort, limit: limit + 1, ...said({ after: cursor }) };
  const found = queries.tasks(filter, page, nowMs);
  const tasks = found.slice(0, limit);
  const last = found.length > limit ? tasks.at(-1) : undefined;
  return {
    tasks: tasks.map((task) => taskJson(task, queries, nowMs)),
    total: queries.countTasks(filter, nowMs),
    next: last === undefined ? null : cursorOf(sort, placeOf(last, sort)),
  };
}

/** The best come first; the order asked for would make nothing of that. */
function searched(
  { queries, nowMs }: Pick<Reading, 'queries' | 'nowMs'>,
  words: string,
  wanted: Wanted,
) {
  const hits = queries.search(words, { limit: hitsMax });
  const ids = hits.map(({ taskId }) => taskId);
  const fitting = queries.tasks({ ...filterOf(wanted), ids }, {}, nowMs);
  const allowed = new Map(fitting.map((task) => [task.taskId, task]));
  const found = hits.flatMap(({ taskId, snippet }) => {
    const task = allowed.get(taskId);
    return task === undefined ? [] : [{ task, snippet }];
  });
  return {
    tasks: found
      .slice(0, wanted.limit)
      .map(({ task, snippet }) => ({ ...taskJson(task, queries, nowMs), snippet: snippet() })),
    total: found.length,
    next: null,
  };
}
