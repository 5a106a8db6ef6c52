/** Tasks, read. */
import * as z from 'zod';
import { noSuchTask } from '../../app/plans.ts';
import { taskIdSchema } from '../../domain/task/events.ts';
import { taskJson } from '../../wire/task-json.ts';
import { readTaskPage } from '../../wire/task-page.ts';
import { taskPageJson } from '../../wire/task-page-json.ts';
import { readers } from '../principal.ts';
import { type Route, route } from '../route.ts';

const taskDocument = z.looseObject({ id: z.string(), title: z.string(), status: z.string() });

/** The id in the path of everything about one task. */
export const taskParams = z.strictObject({ taskId: taskIdSchema });

/** The routes that read tasks. */
export const taskRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/tasks',
    summary: 'The tasks of the board',
    allow: readers,
    takesAt: true,
    answer: z.object({ tasks: z.array(taskDocument) }),
    async handle({ read }) {
      const { queries, position, nowMs } = await read();
      const tasks = queries.tasks({}, {}, nowMs);
      return { json: { tasks: tasks.map((task) => taskJson(task, queries, nowMs)) }, position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/tasks/{taskId}',
    summary: 'A task with its relatives, runs, comments and what happened last',
    allow: readers,
    takesAt: true,
    params: taskParams,
    answer: taskDocument,
    async handle({ board, params, parts, read }) {
      const { queries, position, nowMs } = await read();
      const policy = board.past === undefined ? parts.config.policy : board.policy();
      const page = readTaskPage(queries, params.taskId, { nowMs, policy });
      if (page === undefined) return noSuchTask(params.taskId);
      const headers = { ETag: `"${page.task.version}"` };
      return { json: taskPageJson(page), position, headers };
    },
  }),
];
