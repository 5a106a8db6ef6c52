/** Tasks, made and changed. */
import * as z from 'zod';
import { said } from '../../domain/said.ts';
import { createTaskSchema } from '../../domain/task/commands.ts';
import { nameSchema, taskChangesSchema } from '../../domain/task/events.ts';
import { eventBytesMax } from '../../log/event-log.ts';
import { actedOn, actOnce, changedTask } from '../acted.ts';
import { momentSchema } from '../moment.ts';
import { refuseOtherWords } from '../other-words.ts';
import { operators } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { type TaskAction, taskActions } from '../task-actions.ts';
import { taskParams } from './tasks.ts';

const newTask = createTaskSchema
  .omit({ notBeforeMs: true, createdBy: true })
  .extend({ notBefore: momentSchema.optional(), createdBy: nameSchema.optional() })
  .strict();

/** The routes that change tasks. */
export const taskWriteRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/tasks',
    summary: 'make a task; the same `idempotencyKey` finds the same task again',
    allow: operators,
    body: newTask,
    bodyBytesMax: eventBytesMax,
    answer: changedTask.extend({ created: z.boolean() }),
    async handle(call) {
      const { notBefore: notBeforeMs, ...fields } = call.body;
      const wanted = said({ ...fields, notBeforeMs });
      const answer = await call.commands().create(wanted);
      if (answer.refused) return answer;
      const { taskId, changed, position } = answer;
      await refuseOtherWords(call, taskId, wanted);
      const acted = await actedOn(call, taskId, { created: changed, changed, position });
      return { ...acted, status: changed ? 201 : 200 };
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/tasks/{taskId}',
    summary: 'change what a task says; null clears a field',
    allow: operators,
    params: taskParams,
    body: taskChangesSchema.strict(),
    bodyBytesMax: eventBytesMax,
    revisionOf: ({ taskId }) => taskId,
    answer: changedTask,
    handle: (call) =>
      actOnce(call, call.params.taskId, () => call.commands().edit(call.params.taskId, call.body)),
  }),
  ...taskActions.map(routeOf),
];

function routeOf({ name, summary, body, act }: TaskAction): Route {
  return route({
    method: 'POST',
    path: `/api/v1/tasks/{taskId}/${name}`,
    summary,
    allow: operators,
    params: taskParams,
    body,
    bodyBytesMax: eventBytesMax,
    revisionOf: ({ taskId }) => taskId,
    answer: changedTask,
    handle: (call) =>
      actOnce(call, call.params.taskId, () => act(call.commands(), call.params.taskId, call.body)),
  });
}
