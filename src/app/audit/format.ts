/**
 * The lines of an audit file: a header, the events, a footer, a trailer. `docs/audit-format.md`
 * describes them for others, and what it says is permanent.
 *
 * The body, which is all but the trailer, follows from the events, the range and the epoch alone:
 * the same past makes the same bytes. Everything else stands in the trailer.
 */
import * as z from 'zod';
import type { StoredEvent } from '../../log/event-log.ts';

/** The format this program writes, and the only one it reads. */
export const auditFormat = 1;

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const positionSchema = z.number().int().min(1);

const headerSchema = z.strictObject({
  logboard: z.literal('audit'),
  format: z.literal(auditFormat),
  epoch: z.string().min(1),
  /** The board's name as it was at the end of the range; null before it had one. */
  board: z.string().nullable(),
  from: positionSchema,
  to: positionSchema,
  /** The hash of the event before the range; zeros before the first of all. */
  before: hashSchema,
});
/** What the file is about. */
export type AuditHeader = z.infer<typeof headerSchema>;

const footerSchema = z.strictObject({
  /** Events in the file, and positions of the range whose events had been thinned. */
  events: z.number().int().min(0),
  thinned: z.number().int().min(0),
  /** The hash of the last event. */
  head: hashSchema,
});
/** What the body comes to. */
export type AuditFooter = z.infer<typeof footerSchema>;

const gapSchema = z.strictObject({
  /** First and last position of events that had been thinned. */
  thinned: z.tuple([positionSchema, positionSchema]),
  /** The hash that the last of them had. */
  last: hashSchema,
});
/** A place where events are missing that the log had thinned. */
export type AuditGap = z.infer<typeof gapSchema>;

const trailerSchema = z.strictObject({
  /** SHA-256 of every byte before this line. */
  body: hashSchema,
  exportedAt: z.iso.datetime(),
  program: z.string(),
  /** Where the whole log stood at the time of the export. */
  log: z.strictObject({ position: positionSchema, hash: hashSchema }),
  /** Ed25519, base64: the raw key, and the signature over `signedText` of this line. */
  key: z.base64(),
  signature: z.base64(),
});
/** Who vouches for the body, and when. */
export type AuditTrailer = z.infer<typeof trailerSchema>;

const eventSchema = z.tuple([
  positionSchema,
  z.string().min(1),
  z.number().int().min(0),
  z.string().min(1),
  z.string().min(1),
  z.number().int().min(1),
  z.number().int().min(0),
  z.string(),
  z.string(),
  hashSchema,
]);

/** An event with its hash. */
export interface AuditEvent {
  readonly event: StoredEvent;
  readonly hash: string;
}

/** The line of an event, without its end. */
export function eventLine({ event, hash }: AuditEvent): string {
  const { position, stream, version, id, type, schemaVersion, recordedAtMs, data, meta } = event;
  const place = [position, stream, version, id, type, schemaVersion, recordedAtMs];
  return JSON.stringify([...place, data, meta, hash]);
}

/** The event of a line; undefined when it is none, or is not written as it should be. */
export function parseEvent(line: string): AuditEvent | undefined {
  const fields = parse(eventSchema, line);
  if (fields === undefined) return undefined;
  const [position, stream, version, id, type, schemaVersion, recordedAtMs, ...rest] = fields;
  const [data, meta, hash] = rest;
  const place = { position, stream, version, recordedAtMs };
  return { event: { ...place, id, type, schemaVersion, data, meta }, hash };
}

/** The header of a line; undefined when it is none of this format. */
export function parseHeader(line: string): AuditHeader | undefined {
  return parse(headerSchema, line);
}

/** The footer of a line; undefined when it is none. */
export function parseFooter(line: string): AuditFooter | undefined {
  return parse(footerSchema, line);
}

/** The gap of a line; undefined when it is none. */
export function parseGap(line: string): AuditGap | undefined {
  return parse(gapSchema, line);
}

/** The trailer of a line; undefined when it is none. */
export function parseTrailer(line: string): AuditTrailer | undefined {
  return parse(trailerSchema, line);
}

/** What is signed: everything the trailer says, which includes the body by its hash. */
export function signedText({
  signature: _,
  ...said
}: Omit<AuditTrailer, 'signature'> & {
  readonly signature?: string;
}): string {
  return `logboard audit ${auditFormat}\n${JSON.stringify(said)}\n`;
}

/** Only what this program would write itself: no other spelling of the same passes. */
function parse<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    const found = schema.safeParse(JSON.parse(line));
    return found.success && JSON.stringify(found.data) === line ? found.data : undefined;
  } catch {
    return undefined;
  }
}
