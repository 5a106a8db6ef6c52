/**
 * The format of incident files, version 1: JSON lines, permanent from the day it shipped.
 * `docs/incident-format.md` describes it for those who read it with other tools.
 */
import * as z from 'zod';
import { recordedPolicySchema } from '../../domain/policy.ts';

/** The name of the format; the first field of every incident file. */
export const incidentFormat = 'logboard-incident';

/** The version this program writes, and the highest it reads. */
export const incidentVersion = 1;

/** What every incident file begins with, whatever its version. */
export const incidentBeginning = `{"format":"${incidentFormat}","version":`;

/** Longest line, in bytes: the largest event, quoted twice, and the largest output fit in. */
export const incidentLineBytesMax = 16 * 1024 * 1024;

const count = z.number().int().min(0);
const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** The first line: what the file is about, and what the board was like. */
export const incidentHeaderSchema = z.object({
  format: z.literal(incidentFormat),
  version: z.literal(incidentVersion),
  /** When it was written, UTC ms, and by which release. */
  savedAtMs: z.number().int(),
  program: z.string(),
  board: z.object({ name: z.string(), epoch: z.string() }),
  /** The event up to which the board is shown, its hash, and the moment it is seen from, UTC ms. */
  head: z.object({ position: count, hash: z.string(), atMs: z.number().int() }),
  /** What was asked for: tasks and runs, or everything from one position to another. */
  around: z.array(z.string()),
  window: z.object({ first: count, last: count }).nullable(),
  tasks: z.object({
    /** Of these everything is there. */
    whole: z.array(z.string()),
    /** Of these there is what the others are connected with: the task's own stream. */
    beside: z.array(z.string()),
    /** How many other tasks the board had. */
    leftOut: count,
  }),
  /** The policy in force when it was saved, where no event records one. */
  policy: recordedPolicySchema,
});
export type IncidentHeader = z.infer<typeof incidentHeaderSchema>;

/** One event, as stored but for its secrets. */
export const incidentEventSchema = z.object({
  kind: z.literal('event'),
  position: z.number().int().min(1),
  stream: z.string().min(1),
  version: count,
  id: z.string().min(1),
  type: z.string().min(1),
  schemaVersion: count,
  recordedAtMs: count,
  /** Heartbeats that stood before it in its stream and were thinned out of the log. */
  thinned: z.number().int().min(1).optional(),
  /** The stored texts, which are JSON themselves. */
  data: z.string(),
  meta: z.string(),
  /** As the log gives them; the hash before is left out where the log has none. */
  hash: z.string(),
  prevHash: z.string().optional(),
  /** SHA-256 (hex) of the stored texts that are shown here without their secrets. */
  redacted: z.object({ data: hex.optional(), meta: hex.optional() }).optional(),
  /**
   * The hash cannot be had from the texts: the log keeps no chain, keeps the texts encrypted, or
   * thinned out the event before.
   */
  unproven: z.literal(true).optional(),
});
export type IncidentEvent = z.infer<typeof incidentEventSchema>;

/** The end of what a run has printed. */
export const incidentOutputSchema = z.object({
  kind: z.literal('output'),
  runId: z.string().min(1),
  text: z.string(),
  /** There was more before it. */
  cut: z.boolean(),
  /** SHA-256 (hex) of the text as it was printed; there when secrets were taken out. */
  redacted: hex.optional(),
});
export type IncidentOutput = z.infer<typeof incidentOutputSchema>;

/** The last line: a file without it was cut short. */
export const incidentEndSchema = z.object({
  kind: z.literal('end'),
  events: count,
  outputs: count,
  /** Events and outputs that lost secrets. */
  redacted: count,
  unproven: count,
  /** Events of the board up to the head that are not in the file. */
  eventsLeftOut: count,
});
export type IncidentEnd = z.infer<typeof incidentEndSchema>;

/** Any line. */
export type IncidentLine = IncidentHeader | IncidentEvent | IncidentOutput | IncidentEnd;
