/** What belongs to a task. */
import * as z from 'zod';
import type { Queries } from '../../../projections/index.ts';
import { noSuchTask } from '../../app/plans.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { commentJson } from '../../wire/comment-json.ts';
import { runJson } from '../../wire/run-json.ts';
import { taskJson } from '../../wire/task-json.ts';
import { commentDocument, runDocument, taskDocument } from '../documents.ts';
import { readers } from '../principal.ts';
import { type Reading, type Route, route } from '../route.ts';
import { taskParams } from './tasks.ts';

/** What all routes that read one task have in common. */
const ofTask = {
  method: 'GET',
  allow: readers,
  takesAt: true,
  params: taskParams,
} as const;

/** The routes that read what belongs to a task. */
export const aboutTaskRoutes: readonly Route[] = [
  route({
    ...ofTask,
    path: '/api/v1/tasks/{taskId}/runs',
    summary: 'the attempts at a task, first to last',
    answer: z.object({ runs: z.array(runDocument) }),
    handle: ({ params, read }) =>
      about(params.taskId, read, ({ queries }) => ({
        runs: queries.runs(params.taskId).map(runJson),
      })),
  }),
  route({
    ...ofTask,
    path: '/api/v1/tasks/{taskId}/comments',
    summary: 'the comments on a task, oldest first',
    answer: z.object({ comments: z.array(commentDocument) }),
    handle: ({ params, read }) =>
      about(params.taskId, read, ({ queries }) => ({
        comments: queries.comments(params.taskId).map(commentJson),
      })),
  }),
  route({
    ...ofTask,
    path: '/api/v1/tasks/{taskId}/links',
    summary: 'what a task waits for, and what waits for it',
    answer: z.object({ parents: z.array(taskDocument), children: z.array(taskDocument) }),
    handle: ({ params, read }) =>
      about(params.taskId, read, ({ queries, nowMs }) => ({
        parents: documents(queries.parents(params.taskId, nowMs), queries, nowMs),
        children: documents(queries.children(params.taskId, nowMs), queries, nowMs),
      })),
  }),
  route({
    ...ofTask,
    path: '/api/v1/tasks/{taskId}/context',
    summary: 'what a worker on the task is shown, as Markdown',
    answer: z.object({ taskId: z.string(), context: z.string() }),
    async handle({ board, params, read }) {
      const { position } = await read();
      const context = await board.context(params.taskId);
      if (typeof context !== 'string') return context;
      return { json: { taskId: params.taskId, context }, position };
    },
  }),
];

/** What is said about a task that is there. */
async function about(
  taskId: string,
  read: () => Promise<Reading>,
  say: (reading: Reading) => object,
): Promise<Refusal | { readonly json: object; readonly position: number }> {
  const reading = await read();
  if (reading.queries.task(taskId, reading.nowMs) === undefined) return noSuchTask(taskId);
  return { json: say(reading), position: reading.position };
}

function documents(rows: ReturnType<Queries['parents']>, queries: Queries, nowMs: number) {
  return rows.map((task) => taskJson(task, queries, nowMs));
}
