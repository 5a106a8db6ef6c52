/** Moments and places in the log, as they stand in a query. */
import * as z from 'zod';
import type { PastPoint } from '../app/position-at.ts';

/** A place in the log. */
export const positionSchema = z
  .string()
  .regex(/^\d{1,15}$/, 'is not a position')
  .transform(Number);

/** A position, or a moment in ISO 8601 with its zone. */
export const pointSchema = z.union([
  positionSchema.transform((position): PastPoint => ({ position })),
  z.iso.datetime({ offset: true }).transform((iso): PastPoint => ({ atMs: Date.parse(iso) })),
]);

/** The two ends of a range; the beginning and the end of the log where they are left out. */
export const rangeFields = { from: pointSchema.optional(), to: pointSchema.optional() };
