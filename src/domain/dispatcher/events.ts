/** Dispatchers coming and going, with the policy each one acts by. */
import * as z from 'zod';
import { type EventsOf, shape } from '../event.ts';
import { recordedPolicySchema } from '../policy.ts';
import { longTextSchema, nameSchema } from '../task/events.ts';

/** Whom a dispatcher starts workers for. */
export const servedShape = {
  assignees: z.array(nameSchema),
  /** Of those whose definition says so: how many at once, and what this host lacks for them. */
  workers: z
    .record(
      nameSchema,
      z.object({
        max: z.number().int().min(1).optional(),
        lacks: z.array(nameSchema).optional(),
      }),
    )
    .optional(),
} as const;

/** Every event of a `dispatcher-<id>` stream. */
export const dispatcherEvents = {
  DispatcherStarted: shape(
    1,
    z.object({
      policy: recordedPolicySchema,
      host: nameSchema,
      bootId: nameSchema,
      pid: z.number().int().min(1),
      /** Kernel start time in clock ticks since boot, as text. */
      startTime: nameSchema.optional(),
      programVersion: nameSchema,
      ...servedShape,
    }),
  ),
  DispatcherStopped: shape(1, z.object({ reason: longTextSchema })),
} as const;

export type DispatcherEvent = EventsOf<typeof dispatcherEvents>;
