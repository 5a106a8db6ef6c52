/** What waits for what, changed. */
import * as z from 'zod';
import { taskIdSchema } from '../../domain/task/events.ts';
import { actOnce, changedTask } from '../acted.ts';
import { operators } from '../principal.ts';
import { type Route, route } from '../route.ts';

const linkParams = z.strictObject({ taskId: taskIdSchema, parentId: taskIdSchema });

/** What the routes about one link have in common. */
const ofLink = {
  path: '/api/v1/tasks/{taskId}/parents/{parentId}',
  allow: operators,
  params: linkParams,
  revisionOf: ({ taskId }: z.infer<typeof linkParams>) => taskId,
  answer: changedTask,
} as const;

/** The routes that link tasks. */
export const linkRoutes: readonly Route[] = [
  route({
    ...ofLink,
    method: 'PUT',
    summary: 'make a task wait for another',
    handle: (call) => {
      const { taskId, parentId } = call.params;
      return actOnce(call, taskId, () => call.commands().link(parentId, taskId));
    },
  }),
  route({
    ...ofLink,
    method: 'DELETE',
    summary: 'let a task wait for another no more',
    handle: (call) => {
      const { taskId, parentId } = call.params;
      return actOnce(call, taskId, () => call.commands().unlink(parentId, taskId));
    },
  }),
];
