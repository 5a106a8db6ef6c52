/** Tasks, read. */
import * as z from 'zod';
import { noSuchTask } from '../../app/plans.ts';
import { taskIdSchema } from '../../domain/task/events.ts';
import { readTaskPage } from '../../wire/task-page.ts';
import { taskPageJson } from '../../wire/task-page-json.ts';
import { taskDocument } from '../documents.ts';
import { listFields, listTasks, searchTasks, taskFilterFields } from '../list-tasks.ts';
import { readers } from '../principal.ts';
import { limitUpTo } from '../query-fields.ts';
import { type Route, route } from '../route.ts';

/** The id in the path of everything about one task. */
export const taskParams = z.strictObject({ taskId: taskIdSchema });

/** The routes that read tasks. */
export const taskRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/tasks',
    summary: 'tasks, filtered, sorted or searched; a page goes on at the cursor `next`',
    allow: readers,
    takesAt: true,
    query: z.strictObject(listFields),
    answer: z.object({
      tasks: z.array(taskDocument),
      total: z.number(),
      next: z.string().nullable(),
    }),
    async handle({ read, query }) {
      const reading = await read();
      return { json: listTasks(reading, query), position: reading.position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/search',
    summary: 'the tasks with the words `q` in their texts, best first, and where they stand',
    allow: readers,
    takesAt: true,
    query: z.strictObject({
      ...taskFilterFields,
      q: taskFilterFields.q.unwrap(),
      limit: limitUpTo(1_000, 100),
    }),
    answer: z.object({
      /** The words stand between « and ». */
      hits: z.array(z.object({ id: z.string(), snippet: z.string() })),
      total: z.number(),
    }),
    async handle({ read, query }) {
      const reading = await read();
      const found = searchTasks(reading, query);
      const hits = found
        .slice(0, query.limit)
        .map(({ task, snippet }) => ({ id: task.taskId, snippet: snippet() }));
      return { json: { hits, total: found.length }, position: reading.position };
    },
  }),
  route({
    method: 'GET',
    allow: readers,
    takesAt: true,
    params: taskParams,
    path: '/api/v1/tasks/{taskId}',
    summary: 'a task with its relatives, runs, comments and what happened last',
    answer: taskDocument,
    async handle({ board, params, parts, read }) {
      const { queries, position, nowMs } = await read();
      const policy = board.past === undefined ? parts.config().policy : board.policy();
      const { probeDispatcher } = board;
      const page = readTaskPage(queries, params.taskId, { nowMs, policy, probeDispatcher });
      if (page === undefined) return noSuchTask(params.taskId);
      const headers = { ETag: `"${page.task.version}"` };
      return { json: taskPageJson(page), position, headers };
    },
  }),
];
