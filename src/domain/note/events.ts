/** Chatter about a task that never decides anything. */
import * as z from 'zod';
import { type EventsOf, shape } from '../event.ts';
import { commentBytesMax, text } from '../limits.ts';
import { nameSchema, runIdSchema } from '../task/events.ts';

/** The text of a comment. */
export const commentBodySchema = text(commentBytesMax).refine(
  (body) => body.trim() !== '',
  'must not be empty',
);

/** Every event of a `note-<taskId>` stream. */
export const noteEvents = {
  CommentAdded: shape(
    1,
    z.object({
      body: commentBodySchema,
      author: nameSchema,
      /** The run that wrote it, stamped by the board, when a worker did. */
      runId: runIdSchema.optional(),
    }),
  ),
} as const;

export type NoteEvent = EventsOf<typeof noteEvents>;
