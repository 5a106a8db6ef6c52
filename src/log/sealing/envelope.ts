/**
 * A payload whose personal fields are sealed, as it is stored:
 *
 *     {"$sealed":{"v":1,"key":"T-…","fields":{"title":"text","body":"text"},"box":"…"},
 *      "title":null,"body":null,"priority":3}
 *
 * `$sealed` always stands first, and no event has a field of that name. `fields` says what is
 * missing and of which kind, so that the rest can be read when the key is gone; null keeps each
 * one's place. The box holds the values in that order, each with its length (four bytes,
 * big-endian) before it: text as UTF-8, everything else as JSON. This form is permanent.
 */
import { forgottenValue, type PersonalFields, type PersonalKind } from '../../domain/personal.ts';
import type { NewEvent, StoredEvent } from '../event-log.ts';
import { openBox, sealBox } from './box.ts';

/** What stands in a sealed payload besides the fields that were left open. */
export interface Seal {
  readonly v: 1;
  /** The task whose key opens it. */
  readonly key: string;
  readonly fields: PersonalFields;
  readonly box: string;
}

/** With what to seal which fields. */
export interface Sealing {
  readonly fields: PersonalFields;
  readonly taskId: string;
  readonly key: Buffer | undefined;
}

type Payload = Record<string, unknown>;
type Sealed = Payload & { readonly $sealed: Seal };

const head = '{"$sealed":';
const lengthBytes = 4;

/** Whether a stored payload has a sealed part. */
export function isSealed({ data }: Pick<StoredEvent, 'data'>): boolean {
  return data.startsWith(head);
}

/** The personal fields that a payload has something in. */
export function presentFields(payload: Payload, fields: PersonalFields): PersonalFields {
  const present = Object.entries(fields).filter(([path]) => hasValue(valueAt(payload, path)));
  return Object.fromEntries(present);
}

/**
 * The event with its personal fields sealed; the event itself when it has none. Without a key, the
 * task was forgotten: the box stays empty.
 */
export function sealEvent(
  event: NewEvent,
  stream: string,
  { fields, taskId, key }: Sealing,
): NewEvent {
  const payload = JSON.parse(event.data) as Payload;
  const present = presentFields(payload, fields);
  const paths = Object.entries(present);
  if (paths.length === 0) return event;
  const plain = Buffer.concat(paths.flatMap(([path, kind]) => frame(take(payload, path), kind)));
  const place = placeOf({ ...event, stream }, present);
  const box = key === undefined ? '' : sealBox(key, place, plain);
  const seal: Seal = { v: 1, key: taskId, fields: present, box };
  return { ...event, data: JSON.stringify({ $sealed: seal, ...payload }) };
}

/** What a sealed event says of itself. */
export function sealOf(event: Pick<StoredEvent, 'data'>): Seal {
  return (JSON.parse(event.data) as Sealed).$sealed;
}

/**
 * The event as it was before it was sealed. Without a key, what was sealed is forgotten: every such
 * field holds what says nothing. Throws when the key or the event is another one.
 */
export function openEvent(event: StoredEvent, keyOf: (taskId: string) => Buffer | undefined) {
  const { $sealed: seal, ...payload } = JSON.parse(event.data) as Sealed;
  const key = keyOf(seal.key);
  const paths = Object.entries(seal.fields);
  const values =
    key === undefined
      ? paths.map(([, kind]) => forgottenValue(kind))
      : unframe(
          openBox(key, placeOf(event, seal.fields), seal.box),
          paths.map(([, kind]) => kind),
        );
  for (const [index, [path]] of paths.entries()) put(payload, path, values[index]);
  return { ...event, data: JSON.stringify(payload) };
}

/** Binds the box to its event: sealed text that is moved elsewhere does not open. */
function placeOf(
  { stream, id, type, schemaVersion }: NewEvent & { stream: string },
  fields: PersonalFields,
): string {
  return JSON.stringify([stream, id, type, schemaVersion, Object.entries(fields)]);
}

function frame(value: unknown, kind: PersonalKind): readonly Buffer[] {
  const bytes = Buffer.from(kind === 'text' ? (value as string) : JSON.stringify(value));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

function unframe(bytes: Buffer, kinds: readonly PersonalKind[]): readonly unknown[] {
  let at = 0;
  return kinds.map((kind) => {
    const begin = at + lengthBytes;
    at = begin + bytes.readUInt32BE(at);
    const text = bytes.toString('utf8', begin, at);
    return kind === 'text' ? text : (JSON.parse(text) as unknown);
  });
}

/** Null clears a field of a task: nobody wrote it. */
function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function valueAt(payload: Payload, path: string): unknown {
  const [holder, name] = holderOf(payload, path);
  return holder?.[name];
}

/** Takes a value out; null keeps its place, so that the fields come back in the order they had. */
function take(payload: Payload, path: string): unknown {
  const value = valueAt(payload, path);
  put(payload, path, null);
  return value;
}

function put(payload: Payload, path: string, value: unknown): void {
  const [holder, name] = holderOf(payload, path);
  if (holder !== undefined) holder[name] = value;
}

/** The object that a path leads to, and the name in it; paths have one step or two. */
function holderOf(payload: Payload, path: string): readonly [Payload | undefined, string] {
  const dot = path.indexOf('.');
  if (dot === -1) return [payload, path];
  return [payload[path.slice(0, dot)] as Payload | undefined, path.slice(dot + 1)];
}
