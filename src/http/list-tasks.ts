/** A page of tasks: filtered, in order, from where the last page ended. */
import * as z from 'zod';
import {
  placeOf,
  type TaskFilter,
  type TaskSort,
  taskSorts,
} from '../../projections/tasks/queries.ts';
import type { ListedTask } from '../../projections/tasks/row.ts';
import { said } from '../domain/said.ts';
import { pageCharsMax } from '../log/event-log.ts';
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

type Filter = z.infer<z.ZodObject<typeof taskFilterFields>>;

/** The conditions of a filter, as the tables take them; the words of `q` are apart. */
export function filterOf(wanted: Filter): TaskFilter {
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

/**
 * The page, how many there are in all, and the cursor of the next one; null on the last. It ends
 * early where texts are long.
 */
export function listTasks({ queries, nowMs }: Reading, wanted: Wanted) {
  const { q, limit, cursor } = wanted;
  if (q !== undefined) return searched({ queries, nowMs }, { ...wanted, q });
  const filter = filterOf(wanted);
  const sort: TaskSort = cursor?.sort ?? wanted.sort ?? 'created';
  const page = { sort, limit: limit + 1, ...said({ after: cursor }) };
  const found = queries.tasks(filter, page, nowMs);
  const tasks = untilLong(found.slice(0, limit), (task) => taskJson(task, queries, nowMs));
  const last = found.length > tasks.length ? found[tasks.length - 1] : undefined;
  return {
    tasks,
    total: queries.countTasks(filter, nowMs),
    next: last === undefined ? null : cursorOf(sort, placeOf(last, sort)),
  };
}

/** The documents of the first of them: one at least, and no more once they have long bodies. */
function untilLong<Found, Document extends { readonly body: string | null }>(
  found: readonly Found[],
  documentOf: (each: Found) => Document,
): readonly Document[] {
  const documents: Document[] = [];
  let chars = 0;
  for (const each of found) {
    const document = documentOf(each);
    documents.push(document);
    chars += document.body?.length ?? 0;
    if (chars >= pageCharsMax) break;
  }
  return documents;
}

/** The best come first; the order asked for would make nothing of that. */
function searched(reading: Asked, wanted: Wanted & Words) {
  const { queries, nowMs } = reading;
  const found = searchTasks(reading, wanted);
  return {
    tasks: untilLong(found.slice(0, wanted.limit), ({ task, snippet }) => ({
      ...taskJson(task, queries, nowMs),
      snippet: snippet(),
    })),
    total: found.length,
    next: null,
  };
}

/** The tasks with these words in their texts, best first, and for each a piece of text. */
export function searchTasks({ queries, nowMs }: Asked, wanted: Filter & Words): readonly Hit[] {
  const hits = queries.search(wanted.q, { limit: hitsMax });
  const ids = hits.map(({ taskId }) => taskId);
  const fitting = queries.tasks({ ...filterOf(wanted), ids }, {}, nowMs);
  const allowed = new Map(fitting.map((task) => [task.taskId, task]));
  return hits.flatMap(({ taskId, snippet }) => {
    const task = allowed.get(taskId);
    return task === undefined ? [] : [{ task, snippet }];
  });
}

type Asked = Pick<Reading, 'queries' | 'nowMs'>;

interface Words {
  readonly q: string;
}

/** A task that was found. */
export interface Hit {
  readonly task: ListedTask;
  /** The piece of text around the words. */
  snippet(): string;
}
