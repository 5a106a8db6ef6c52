/** What happens to the board as a whole. */
import * as z from 'zod';
import { type EventsOf, shape } from '../event.ts';
import { line, nameCharsMax } from '../limits.ts';
import { recordedPolicySchema } from '../policy.ts';
import { longTextSchema } from '../task/events.ts';

/** Every event of the `board` stream. */
export const boardEvents = {
  BoardCreated: shape(1, z.object({ name: line(nameCharsMax), epoch: z.string().min(1) })),
  BoardRenamed: shape(1, z.object({ name: line(nameCharsMax) })),
  PolicyChanged: shape(1, z.object({ policy: recordedPolicySchema })),
  BoardPaused: shape(1, z.object({ reason: longTextSchema.optional() })),
  BoardResumed: shape(1, z.object({ reason: longTextSchema.optional() })),
  LogSealed: shape(1, z.object({ upTo: z.number().int().min(0), digest: z.string().min(1) })),
} as const;

export type BoardEvent = EventsOf<typeof boardEvents>;
