/** What may be asked of the timeline. */
import * as z from 'zod';
import { runIdSchema, taskIdSchema } from '../domain/task/events.ts';
import { rangeFields } from './point.ts';
import { limitUpTo, list } from './query-fields.ts';

/** The query: conditions that must all hold, and how many of the latest entries. */
export const timelineQuery = z.strictObject({
  ...rangeFields,
  tasks: list.pipe(z.array(taskIdSchema)).optional(),
  run: runIdSchema.optional(),
  assignee: z.string().min(1).optional(),
  host: z.string().min(1).optional(),
  /** Types of events, `became_ready`, `began_to_wait`, `became_suspect` … */
  kinds: list.optional(),
  importance: z.enum(['1', '2', '3']).default('2'),
  limit: limitUpTo(5_000, 100),
});

/** The same, read. */
export type TimelineQuery = z.infer<typeof timelineQuery>;
