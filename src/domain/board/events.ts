/** What happens to the board as a whole. */
import * as z from 'zod';
import { servedShape } from '../dispatcher/events.ts';
import { type EventsOf, shape } from '../event.ts';
import { line, nameCharsMax } from '../limits.ts';
import { recordedPolicySchema } from '../policy.ts';
import { longTextSchema, nameSchema } from '../task/events.ts';

/** SHA-256, in lower-case hex. */
const sha256 = () => z.string().regex(/^[0-9a-f]{64}$/);

/** Every event of the `board` stream. */
export const boardEvents = {
  BoardCreated: shape(1, z.object({ name: line(nameCharsMax), epoch: z.string().min(1) })),
  BoardRenamed: shape(1, z.object({ name: line(nameCharsMax) })),
  /**
   * Which rules hold from here on. A dispatcher says so of itself, with whom it starts workers for;
   * without `dispatcher` it is what an operator says of the board.
   */
  PolicyChanged: shape(
    1,
    z.object({
      policy: recordedPolicySchema,
      dispatcher: z.object({ id: nameSchema, ...servedShape }).optional(),
    }),
  ),
  BoardPaused: shape(1, z.object({ reason: longTextSchema.optional() })),
  BoardResumed: shape(1, z.object({ reason: longTextSchema.optional() })),
  /**
   * Beats of ended runs were taken out between two positions, both included. The row at `from` is
   * never taken out, and the ranges of two such events are the same or apart; of the same range the
   * latest one counts. How the rest is made: `src/log/README.md`.
   */
  LogThinned: shape(
    1,
    z.object({
      from: z.number().int().min(1),
      upTo: z.number().int().min(1),
      /** Beats taken out by this event; earlier ones may have taken out others of the range. */
      removed: z.number().int().min(1),
      /** SHA-256 (hex) over all gaps of the range and the hashes around them. */
      digest: sha256(),
      /** Which beats were taken out: run, version, position and time of each, compressed. */
      beats: z.base64(),
    }),
  ),
  /**
   * An unbroken copy of everything between two positions, both included, stands in a file of its
   * own; what is in it may leave the log itself. Each begins where the one before it ends; of the
   * same range the latest one counts. How the rest is made: `src/log/README.md`.
   */
  LogSegmented: shape(
    1,
    z.object({
      from: z.number().int().min(1),
      upTo: z.number().int().min(1),
      /** Events in the file: positions, less those that were thinned. */
      events: z.number().int().min(1),
      /** Hashes (hex) that the first event was appended to, and of the last one. */
      before: sha256(),
      hash: sha256(),
      /** Size of the file, and its SHA-256 (hex). */
      bytes: z.number().int().min(1),
      digest: sha256(),
    }),
  ),
  /** The hash (hex) that the log had at a position, as one of its hosts computed it. */
  LogSealed: shape(1, z.object({ upTo: z.number().int().min(0), digest: z.string().min(1) })),
} as const;

export type BoardEvent = EventsOf<typeof boardEvents>;
