/** Stale writes that were refused: the proof that fencing works, kept beside the task. */
import * as z from 'zod';
import { actorSchema, type EventsOf, shape } from '../event.ts';
import { longTextSchema, nameSchema, runIdSchema } from '../task/events.ts';

/** Single refusals recorded per run before they are only counted. */
export const refusalsPerRunMax = 20;

/** Every event of a `refused-<taskId>` stream. */
export const refusedEvents = {
  WriteRefused: shape(
    1,
    z.object({
      runId: runIdSchema,
      /** The command that was refused, e.g. `complete`. */
      attempted: nameSchema,
      code: nameSchema,
      by: actorSchema,
      /** The run's version the writer held, and the one that was found. */
      expectedVersion: z.number().int().optional(),
      actualVersion: z.number().int(),
      /** First words of what it wanted to write. */
      preview: longTextSchema.optional(),
    }),
  ),
  RefusalsSummarized: shape(
    1,
    z.object({ runId: runIdSchema, countedFrom: z.number().int().min(1) }),
  ),
} as const;

export type RefusedEvent = EventsOf<typeof refusedEvents>;
