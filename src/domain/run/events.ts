/**
 * What can happen to one attempt. Permanent from the day they ship (see `task/events.ts`).
 * A run has exactly one terminal event, its last; appending it is what decides how the run ended.
 */
import * as z from 'zod';
import { type EventsOf, shape } from '../event.ts';
import { line, metadataSchema, nameCharsMax, noteCharsMax, pathCharsMax } from '../limits.ts';
import {
  blockCauses,
  durationMsSchema,
  handOffSchema,
  longTextSchema,
  nameSchema,
  taskIdSchema,
} from '../task/events.ts';
import type { TerminalType } from './terminal.ts';

export { isTerminal, type TerminalType, terminalOutcomes } from './terminal.ts';

const pathSchema = line(pathCharsMax);

/** Summary of a run's beats, kept in its terminal event so that the beats themselves can go. */
export const heartbeatsSchema = z.object({
  count: z.number().int().min(0),
  firstAt: z.number().int().optional(),
  lastAt: z.number().int().optional(),
  maxGapMs: z.number().int().min(0),
});
export type Heartbeats = z.infer<typeof heartbeatsSchema>;

/** How a worker process came to its end, as far as anybody saw. */
export const exitSchema = z.object({
  exitCode: z.number().int().optional(),
  signal: z.string().max(nameCharsMax).optional(),
});
export type Exit = z.infer<typeof exitSchema>;

/** The part of a worker's day that costs money. */
export const usageSchema = z.object({
  model: nameSchema.optional(),
  inputTokens: z.number().int().min(0).optional(),
  outputTokens: z.number().int().min(0).optional(),
  costUsd: z.number().min(0).optional(),
  metadata: metadataSchema.optional(),
});

const terminal = z.object({ heartbeats: heartbeatsSchema });
const judged = terminal.extend({ evidence: metadataSchema });
/** A word that a dispatcher says in the worker's place: what it went by. Older ones have none. */
const spoken = terminal.extend({ evidence: metadataSchema.optional() });

/** Every event of a `run-<runId>` stream. */
export const runEvents = {
  RunOpened: shape(
    1,
    z.object({
      taskId: taskIdSchema,
      attempt: z.number().int().min(1),
      /**
       * `worker`: a dispatcher starts it; `external`: claimed through a door; `record`: zero
       * length.
       */
      kind: z.enum(['worker', 'external', 'record']),
      assignee: nameSchema.optional(),
      claimedBy: nameSchema,
      host: nameSchema.optional(),
      ttlMs: durationMsSchema,
      launchLeaseMs: durationMsSchema.optional(),
      /** SHA-256 (hex) of the run token; without one the run id alone is the fence. */
      tokenHash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
  ),
  WorkerSpawned: shape(
    1,
    z.object({
      pid: z.number().int().min(1),
      /** Kernel start time in clock ticks since boot, as text. */
      startTime: z.string().min(1).max(nameCharsMax),
      bootId: nameSchema,
      host: nameSchema,
      nonce: nameSchema,
      workspace: pathSchema,
      logPath: pathSchema,
      argv: z.array(z.string().max(pathCharsMax)).max(1_000),
    }),
  ),
  WorkerStarted: shape(1, z.object({ guard: z.enum(['launcher', 'worker']) })),
  HeartbeatRecorded: shape(
    1,
    z.object({
      note: line(noteCharsMax).optional(),
      /** Share of the work done, 0 to 1. */
      progress: z.number().min(0).max(1).optional(),
      /** Beats left out since the last recorded one because they carried no news. */
      coalesced: z.number().int().min(0),
    }),
  ),
  UsageRecorded: shape(1, usageSchema),
  RunCompleted: shape(1, spoken.extend(handOffSchema.shape).extend({ review: z.boolean() })),
  RunBlocked: shape(1, spoken.extend({ cause: z.enum(blockCauses), reason: longTextSchema })),
  RunReleased: shape(1, spoken.extend({ reason: longTextSchema.optional() })),
  RunReclaimed: shape(1, judged.extend({ reason: longTextSchema })),
  RunCrashed: shape(1, judged.extend(exitSchema.shape).extend({ error: longTextSchema })),
  RunTimedOut: shape(
    1,
    judged.extend({ limitMs: durationMsSchema, elapsedMs: z.number().int().min(0) }),
  ),
  RunWentStale: shape(1, judged.extend({ silentMs: z.number().int().min(0) })),
  SpawnFailed: shape(1, terminal.extend({ error: longTextSchema, errno: nameSchema.optional() })),
  ProtocolViolated: shape(1, judged.extend({ exitCode: z.number().int() })),
  RunRateLimited: shape(
    1,
    judged.extend({ exitCode: z.number().int().optional(), holdMs: z.number().int().min(0) }),
  ),
  RunCanceled: shape(1, spoken.extend({ reason: longTextSchema })),
} as const;

export type RunEvent = EventsOf<typeof runEvents>;

/** An event that ends its run. */
export type TerminalEvent = Extract<RunEvent, { type: TerminalType }>;
