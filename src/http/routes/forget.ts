/** A task, forgotten: its key is destroyed, and its text removed wherever else it stands. */
import * as z from 'zod';
import { streams } from '../../domain/catalogue.ts';
import { refuse } from '../../domain/refusal.ts';
import { longTextSchema } from '../../domain/task/events.ts';
import { actedOn, changedTask } from '../acted.ts';
import { operators } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { taskParams } from './tasks.ts';

/** The route that forgets: one task at a time, and none by a slip of the hand. */
export const forgetRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/tasks/{taskId}/forget',
    summary: 'destroy the key of an encrypted task, and with it its text; `confirm` repeats its id',
    allow: operators,
    params: taskParams,
    body: z.strictObject({
      confirm: z.string(),
      /** It stays readable. */
      reason: longTextSchema.optional(),
      keepArtifacts: z.boolean().default(false),
    }),
    revisionOf: ({ taskId }) => taskId,
    answer: changedTask,
    async handle(call) {
      const { confirm, reason, keepArtifacts } = call.body;
      const { taskId } = call.params;
      if (confirm !== taskId) return notMeant(taskId);
      const earlier = await call.earlier(streams.task(taskId));
      const tombstone = () => call.commands().markForgotten(taskId, reason);
      const answer = await call.parts.forget({ taskId, keepArtifacts, tombstone });
      if (answer.refused) return answer;
      const { position } = await call.read();
      // Nothing that was answered before a task was forgotten is kept: not even this.
      const changed = answer.changed || earlier !== undefined;
      return actedOn(call, taskId, { changed, position });
    },
  }),
];

function notMeant(taskId: string) {
  return refuse('invalid', 'Forgetting wants a word of consent.', {
    hint: `It cannot be undone. Send \`confirm\` with the id ${taskId} if you mean it.`,
    facts: { taskId },
  });
}
