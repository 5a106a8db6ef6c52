/** Events with their text sealed: what is stored, and that it comes back as it was. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardDomainEvent, EventType } from '../../../src/domain/catalogue.ts';
import { personalFields } from '../../../src/domain/personal.ts';
import { codec } from '../../../src/log/codec.ts';
import type { NewEvent, StoredEvent } from '../../../src/log/event-log.ts';
import { isSealed, openEvent, sealEvent, sealOf } from '../../../src/log/sealing/envelope.ts';
import { metas, payloads } from '../../kit/event-arbitraries.ts';

const taskId = 'T-0A1B2C3D4E';
const stream = `task-${taskId}`;
const key = Buffer.alloc(64, 7);
const types = Object.keys(payloads) as EventType[];

function seal(event: NewEvent, type: EventType): NewEvent {
  return sealEvent(event, stream, { fields: personalFields[type], taskId, key });
}

function stored(event: NewEvent): StoredEvent {
  return { ...event, stream, version: 3, position: 7, recordedAtMs: 1 };
}

function open(event: NewEvent, withKey: Buffer | undefined = key): StoredEvent {
  return openEvent(stored(event), () => withKey);
}

/** An event of this type, encoded. */
function anEncoded(type: EventType): fc.Arbitrary<NewEvent> {
  return fc
    .tuple(payloads[type] as fc.Arbitrary<unknown>, metas, fc.uuid())
    .map(([data, meta, id]) => codec.encode(id, { type, data } as BoardDomainEvent, meta));
}

describe.each(types)('%s', (type) => {
  it('comes back as it was, byte for byte', () => {
    fc.assert(
      fc.property(anEncoded(type), (event) => {
        const sealed = seal(event, type);
        const opened = isSealed(sealed) ? open(sealed) : stored(sealed);
        expect(opened).toEqual(stored(event));
      }),
      { numRuns: 30 },
    );
  });

  it('is sealed into the same bytes each time', () => {
    fc.assert(
      fc.property(anEncoded(type), (event) => {
        expect(seal(event, type)).toEqual(seal(event, type));
      }),
      { numRuns: 5 },
    );
  });

  it('can be read without its key, and says nothing then', () => {
    fc.assert(
      fc.property(anEncoded(type), (event) => {
        const sealed = seal(event, type);
        if (!isSealed(sealed)) return;
        const forgotten = openEvent(stored(sealed), () => undefined);
        const { data } = codec.decode(forgotten);
        const left = Object.keys(sealOf(sealed).fields).map((path) => valueAt(data, path));
        for (const value of left) expect(['"[forgotten]"', '{}', '[]']).toContain(value);
      }),
      { numRuns: 10 },
    );
  });
});

function valueAt(data: unknown, path: string): string {
  const value = path
    .split('.')
    .reduce((holder, name) => (holder as Record<string, unknown>)[name], data);
  return JSON.stringify(value);
}

/** The form of stored bytes is permanent: these were written once and are never changed. */
interface Golden {
  readonly key: string;
  readonly stream: string;
  readonly event: NewEvent;
  readonly sealed: string;
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden-sealed/TaskCreated.v1.json', import.meta.url), 'utf8'),
);

describe('the golden sealed event', () => {
  const goldenKey = Buffer.from(golden.key, 'hex');
  const sealed = { ...golden.event, data: golden.sealed };

  it('is read the same today as ever', () => {
    const opened = openEvent({ ...stored(sealed), stream: golden.stream }, () => goldenKey);
    expect(opened.data).toBe(golden.event.data);
  });

  it('is stored byte for byte as before', () => {
    const { TaskCreated: fields } = personalFields;
    const again = sealEvent(golden.event, golden.stream, { fields, taskId, key: goldenKey });
    expect(again.data).toBe(golden.sealed);
  });
});

describe('sealed text', () => {
  const event: NewEvent = {
    id: 'e-1',
    type: 'CommentAdded',
    schemaVersion: 1,
    data: '{"body":"Anna is ill.","author":"kai"}',
    meta: '{}',
  };
  const sealed = seal(event, 'CommentAdded');

  it('says nothing of what is in it, but who wrote it', () => {
    expect(sealed.data).not.toContain('Anna');
    expect(JSON.parse(sealed.data)).toMatchObject({
      $sealed: { v: 1, key: taskId, fields: { body: 'text' } },
      body: null,
      author: 'kai',
    });
  });

  it.each([
    ['the key of another task', () => open(sealed, Buffer.alloc(64, 8))],
    ['another stream', () => openEvent({ ...stored(sealed), stream: 'task-T-1' }, () => key)],
    ['another event', () => open({ ...sealed, id: 'e-2' })],
    ['another type', () => open({ ...sealed, type: 'TaskEdited' })],
    ['a bit of it turned', () => open({ ...sealed, data: turned(sealed.data) })],
  ])('does not open with %s', (_, opening) => {
    expect(opening).toThrow();
  });

  it('of two events is never the same, even if the text is', () => {
    const other = seal({ ...event, id: 'e-2' }, 'CommentAdded');
    expect(sealOf(other).box.slice(0, 16)).not.toBe(sealOf(sealed).box.slice(0, 16));
  });

  it('with another text has another nonce, whatever else is the same', () => {
    const other = seal({ ...event, data: event.data.replace('ill', 'well') }, 'CommentAdded');
    expect(sealOf(other).box.slice(0, 16)).not.toBe(sealOf(sealed).box.slice(0, 16));
  });
});

/** One character of the box exchanged for another. */
function turned(data: string): string {
  return data.replace(/"box":"(.{20})(.)/, (_, head, char) => {
    return `"box":"${head}${char === 'A' ? 'B' : 'A'}`;
  });
}
