/** Comments, written. */
import * as z from 'zod';
import { noteEvents } from '../../domain/note/events.ts';
import { said } from '../../domain/said.ts';
import { commentJson } from '../../wire/comment-json.ts';
import { commentDocument } from '../documents.ts';
import { operators } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { taskParams } from './tasks.ts';

const { body, author } = noteEvents.CommentAdded.schema.shape;

/** The route that comments. */
export const commentRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/tasks/{taskId}/comments',
    summary: 'comment on a task',
    allow: operators,
    params: taskParams,
    body: z.strictObject({ body, author: author.optional() }),
    answer: commentDocument.extend({ changed: z.literal(true) }),
    async handle({ body: comment, commands, params, read }) {
      const { taskId } = params;
      const answer = await commands().comment(taskId, { ...said(comment), body: comment.body });
      if (answer.refused) return answer;
      const { position } = answer;
      const { queries } = await read();
      const written = queries.commentAt(position);
      if (written === undefined) throw new Error(`the tables lost the comment at ${position}`);
      return { json: { ...commentJson(written), changed: true }, position, status: 201 };
    },
  }),
];
