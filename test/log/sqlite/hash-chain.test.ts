/** The hash of an event covers every byte of it, in a layout that is pinned here. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventHasher, hashBeforeFirst } from '../../../src/log/sqlite/hash-chain.ts';

const event = {
  position: 2 ** 40 + 5,
  stream: 'tâche-1',
  version: 3,
  recordedAtMs: 1_767_225_600_123,
  id: '0b0e7f0e-8a52-4c0a-9b0c-0d9f6d0c7a11',
  type: 'TaskCreated',
  schemaVersion: 2,
  data: '{"title":"🦜"}',
  meta: '{}',
};

/** The layout of `hash-chain.ts`, written down a second time. */
function bytesByHand(previous: Uint8Array, place: typeof event): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  };
  const text = (value: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const { position, version, schemaVersion, recordedAtMs, stream, id, type, data, meta } = place;
  const numbers = [position, version, schemaVersion, recordedAtMs].map(number);
  return Buffer.concat([previous, ...numbers, ...[stream, id, type, data, meta].map(text)]);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

it('the hash is SHA-256 over the layout that was promised', () => {
  const hashEvent = createEventHasher();
  const first = hashEvent(hashBeforeFirst, event, event);
  expect(first.toString('hex')).toBe(sha256(bytesByHand(hashBeforeFirst, event)));
  expect(hashEvent(first, event, event).toString('hex')).toBe(sha256(bytesByHand(first, event)));
});

it('the hash of this event never changes', () => {
  expect(createEventHasher()(hashBeforeFirst, event, event).toString('hex')).toBe(
    'a84d0b3e0c3b776bc76b1348d691c7116f7d511db6b36d634bbf451e53193766',
  );
});

it('events of any size and script hash as promised, one after the other', () => {
  const hashEvent = createEventHasher();
  const text = fc.string({ unit: 'grapheme', maxLength: 3_000 });
  fc.assert(
    fc.property(text, text, (stream, data) => {
      const changed = { ...event, stream, data };
      const hash = hashEvent(hashBeforeFirst, changed, changed).toString('hex');
      expect(hash).toBe(sha256(bytesByHand(hashBeforeFirst, changed)));
    }),
    { numRuns: 200 },
  );
});

it('text that moves from one field to the next makes another hash', () => {
  const hashEvent = createEventHasher();
  const moved = { ...event, data: `${event.data}{`, meta: '}' };
  expect(hashEvent(hashBeforeFirst, moved, moved)).not.toEqual(
    hashEvent(hashBeforeFirst, event, event),
  );
});
