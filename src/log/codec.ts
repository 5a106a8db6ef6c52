/** Stored JSON <-> domain event: checks both ways, upcasts on read, stops at the unknown. */
import type * as z from 'zod';
import { type BoardDomainEvent, catalogue, type Recorded, upcasters } from '../domain/catalogue.ts';
import {
  type EventMeta,
  type EventShape,
  eventMetaSchema,
  type Upcast,
  type Upcasters,
} from '../domain/event.ts';
import { parseInWords } from '../domain/issues.ts';
import type { NewEvent, StoredEvent } from './event-log.ts';
import { createSchemaCheck, type SchemaCheck } from './schema-check.ts';
import { isSealed } from './sealing/envelope.ts';

/** Turns domain events into stored ones and back. */
export interface Codec {
  /** Encodes an event; throws when its payload or metadata is not what the catalogue says. */
  encode(id: string, event: BoardDomainEvent, meta: EventMeta): NewEvent;
  /** Decodes a stored event at the current schema version; throws `UnreadableEvent`. */
  decode(stored: StoredEvent): Recorded;
  /**
   * The same for bulk work: a payload at the current schema version is taken to be of the shape
   * that `encode` checked it for. Whoever wrote around `encode` is found out by `verify`.
   */
  decodeUnchecked(stored: StoredEvent): Recorded;
}

/** An event this program cannot read: damaged, or written by a newer program. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
  readonly code = 'unreadable_event';
  readonly hint: string;
  readonly position: number;

  constructor(stored: StoredEvent, problem: { found: string; hint: string; cause?: unknown }) {
    const place = `${stored.type} v${stored.schemaVersion} at position ${stored.position}`;
    super(`Cannot read ${place} (${stored.stream}@${stored.version}): ${problem.found}`, {
      cause: problem.cause,
    });
    this.hint = problem.hint;
    this.position = stored.position;
  }
}

type Shapes = Readonly<Record<string, EventShape<z.ZodType>>>;

/** The codec over a catalogue of shapes and its upcasters. */
export function createCodec(shapes: Shapes, upcasts: Upcasters): Codec {
  const checkMeta = createSchemaCheck(eventMetaSchema);
  const checks = new Map<EventShape<z.ZodType>, SchemaCheck<z.ZodType>>();

  function encode(id: string, event: BoardDomainEvent, meta: EventMeta): NewEvent {
    const shape = shapeOf(event.type);
    if (shape === undefined) throw new Error(`No shape for event type ${event.type}`);
    return {
      id,
      type: event.type,
      schemaVersion: shape.schemaVersion,
      data: JSON.stringify(checked(shape.schema, checkOf(shape), event.data)),
      meta: JSON.stringify(checked(eventMetaSchema, checkMeta, meta)),
    };
  }

  function decode(stored: StoredEvent): Recorded {
    return recorded(stored, currentShape(stored), decodeMeta(stored));
  }

  function decodeUnchecked(stored: StoredEvent): Recorded {
    const shape = currentShape(stored);
    const meta = parseJson(stored, stored.meta) as EventMeta;
    if (stored.schemaVersion !== shape.schemaVersion) return recorded(stored, shape, meta);
    return asRecorded(stored, parseJson(stored, stored.data), meta);
  }

  function currentShape(stored: StoredEvent): EventShape<z.ZodType> {
    const shape = shapeOf(stored.type);
    if (shape === undefined) throw newer(stored, 'this program does not know the type');
    if (stored.schemaVersion > shape.schemaVersion) {
      throw newer(stored, `this program knows it up to schema version ${shape.schemaVersion}`);
    }
    if (isSealed(stored)) throw sealed(stored);
    return shape;
  }

  function recorded(stored: StoredEvent, shape: EventShape<z.ZodType>, meta: EventMeta): Recorded {
    const upcast = raise(stored, shape.schemaVersion, upcasts);
    const data = checkOf(shape)(upcast);
    if (!data.success) throw damaged(stored, 'its payload is not of the known shape', data.error);
    return asRecorded(stored, data.data, meta);
  }

  function checkOf(shape: EventShape<z.ZodType>): SchemaCheck<z.ZodType> {
    const known = checks.get(shape);
    if (known !== undefined) return known;
    const check = createSchemaCheck(shape.schema);
    checks.set(shape, check);
    return check;
  }

  function decodeMeta(stored: StoredEvent): EventMeta {
    const meta = checkMeta(parseJson(stored, stored.meta));
    if (!meta.success) throw damaged(stored, 'its metadata is not of the known shape', meta.error);
    return meta.data;
  }

  function shapeOf(type: string): EventShape<z.ZodType> | undefined {
    return Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  }

  return { encode, decode, decodeUnchecked };
}

/** The codec of the board's own catalogue. */
export const codec: Codec = createCodec(catalogue, upcasters);

function asRecorded(stored: StoredEvent, data: unknown, meta: EventMeta): Recorded {
  const { type, id, stream, version, position } = stored;
  return { type, data, id, stream, version, position, meta } as Recorded;
}

function raise(stored: StoredEvent, schemaVersion: number, upcasts: Upcasters): unknown {
  let data = parseJson(stored, stored.data);
  for (let from = stored.schemaVersion; from < schemaVersion; from += 1) {
    const upcast = upcasts[stored.type]?.[from];
    if (upcast === undefined) throw damaged(stored, `no upcaster leads on from version ${from}`);
    data = raiseOnce(stored, data, { from, upcast });
  }
  return data;
}

/** An upcaster trusts that it gets the shape it was written for; a damaged payload has another. */
function raiseOnce(stored: StoredEvent, data: unknown, step: { from: number; upcast: Upcast }) {
  try {
    return step.upcast(data as Record<string, unknown>);
  } catch (cause) {
    throw damaged(stored, `its upcaster from version ${step.from} failed`, cause);
  }
}

function parseJson(stored: StoredEvent, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(stored, 'it is not JSON', cause);
  }
}

function newer(stored: StoredEvent, found: string): UnreadableEvent {
  return new UnreadableEvent(stored, {
    found,
    hint: 'Upgrade Logboard on this machine: the event was written by a newer Logboard.',
  });
}

function sealed(stored: StoredEvent): UnreadableEvent {
  return new UnreadableEvent(stored, {
    found: 'its text is encrypted, and was read without keys',
    hint: 'Open the board itself: its keys are in keys.db, beside its log.',
  });
}

function damaged(stored: StoredEvent, found: string, cause?: unknown): UnreadableEvent {
  return new UnreadableEvent(stored, {
    found,
    hint: 'Run `logboard verify`: it names what is damaged. If something is, restore a backup.',
    cause,
  });
}

/** What the schema makes of a payload. Throws `ZodError`, in words that people can read. */
function checked(schema: z.ZodType, check: SchemaCheck<z.ZodType>, payload: unknown): unknown {
  const found = check(payload);
  const { data, error } = found.success ? found : parseInWords(schema, payload);
  if (error !== undefined) throw error;
  return data;
}
