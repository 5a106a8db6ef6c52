/** What a person may do with a task as it stands; pages offer nothing else. */
import * as z from 'zod';
import { noSuchTask } from '../../app/plans.ts';
import { openParents } from '../../domain/readiness.ts';
import { moveNames, possibleMoves } from '../../domain/task/moves.ts';
import { readers } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { taskParams } from './tasks.ts';

const moveDocument = z.object({
  name: z.enum(moveNames),
  isLegal: z.boolean(),
  /** Why it is not; null when it is. */
  why: z.string().nullable(),
});

/** The route about moves. */
export const moveRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/tasks/{taskId}/moves',
    summary: 'what may be done with a task as it stands, and why the rest may not',
    allow: readers,
    takesAt: true,
    params: taskParams,
    answer: z.object({ taskId: z.string(), version: z.number(), moves: z.array(moveDocument) }),
    async handle({ params: { taskId }, read }) {
      const { queries, position, nowMs } = await read();
      const task = queries.task(taskId, nowMs);
      if (task === undefined) return noSuchTask(taskId);
      const parents = queries.parents(taskId, nowMs);
      const standings = new Map(parents.map((parent) => [parent.taskId, parent.standing]));
      const moves = possibleMoves(
        task,
        openParents(task, (id) => standings.get(id)),
      );
      return { json: { taskId, version: task.version, moves }, position };
    },
  }),
];
