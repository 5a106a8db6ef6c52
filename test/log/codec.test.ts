/** Stored JSON and domain events: checked both ways, upcast on read, stopped by the unknown. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZodError, z } from 'zod';
import type { BoardDomainEvent, EventType } from '../../src/domain/catalogue.ts';
import { catalogue } from '../../src/domain/catalogue.ts';
import { type EventMeta, shape, type Upcasters } from '../../src/domain/event.ts';
import { codec, createCodec, UnreadableEvent } from '../../src/log/codec.ts';
import type { StoredEvent } from '../../src/log/event-log.ts';
import { checksBeforeCompiling } from '../../src/log/schema-check.ts';
import { metas, payloads } from '../kit/event-arbitraries.ts';

const meta: EventMeta = {
  actor: { kind: 'human', id: 'ada' },
  surface: 'cli',
  commandId: 'c-1',
  $correlationId: 'c-1',
  $causationId: 'c-1',
  at: 7,
};

/** A boat that was given a name, whose payload has had three shapes. */
const shapes = { BoatNamed: shape(3, z.object({ name: z.string(), coats: z.number() })) };
const upcasts: Upcasters = {
  BoatNamed: {
    1: ({ title, ...rest }) => ({ ...rest, name: title }),
    2: (data) => ({ ...data, coats: 1 }),
  },
};

function stored(fields: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id: 'e-1',
    stream: 'boat-7',
    version: 4,
    position: 12,
    recordedAtMs: 1,
    type: 'BoatNamed',
    schemaVersion: 3,
    data: '{"name":"Ada","coats":2}',
    meta: JSON.stringify(meta),
    ...fields,
  };
}

/** What the codec says about an event it cannot read. */
function trouble(fields: Partial<StoredEvent>, upcasters = upcasts): UnreadableEvent {
  try {
    createCodec(shapes, upcasters).decode(stored(fields));
  } catch (error) {
    if (error instanceof UnreadableEvent) return error;
    throw error;
  }
  throw new Error('the event was read');
}

describe('an event of an older shape', () => {
  const dataOf = (fields: Partial<StoredEvent>) =>
    createCodec(shapes, upcasts).decode(stored(fields)).data;

  it('is raised step by step to the shape of today', () => {
    expect(dataOf({ schemaVersion: 1, data: '{"title":"Ada"}' })).toEqual({
      name: 'Ada',
      coats: 1,
    });
    expect(dataOf({ schemaVersion: 2, data: '{"name":"Ada"}' })).toEqual({ name: 'Ada', coats: 1 });
  });

  it('is raised in bulk, too, and checked afterwards', () => {
    const bulk = (data: string) =>
      createCodec(shapes, upcasts).decodeUnchecked(stored({ schemaVersion: 2, data }));
    expect(bulk('{"name":"Ada"}').data).toEqual({ name: 'Ada', coats: 1 });
    expect(() => bulk('{"name":7}')).toThrow(UnreadableEvent);
  });

  it('of today is read as it is', () => {
    expect(dataOf({})).toEqual({ name: 'Ada', coats: 2 });
  });

  it('cannot be read when a step is missing', () => {
    const gap = { BoatNamed: { 1: upcasts['BoatNamed']![1]! } };
    const { message } = trouble({ schemaVersion: 1, data: '{"title":"Ada"}' }, gap);
    expect(message).toContain('no upcaster leads on from version 2');
  });

  it('cannot be read when a step breaks on it', () => {
    const strict = { BoatNamed: { 2: ({ name }: Record<string, unknown>) => parts(name) } };
    const parts = (name: unknown) => ({ name: (name as string).trim(), coats: 1 });
    for (const data of ['{"title":"Ada"}', 'null']) {
      const found = trouble({ schemaVersion: 2, data }, strict);
      expect(found.message).toContain('its upcaster from version 2 failed');
      expect(found.cause).toBeInstanceOf(TypeError);
    }
  });
});

describe('an event that cannot be read', () => {
  const damaged = 'Run `logboard verify`: it names what is damaged';
  const newer = 'Upgrade Logboard';

  it.each([
    ['of an unknown type', { type: 'BoatSunk' }, 'does not know the type', newer],
    ['named like a part of the language', { type: 'constructor' }, 'does not know', newer],
    ['of a newer shape', { schemaVersion: 4 }, 'up to schema version 3', newer],
    ['of a shape before the first', { schemaVersion: 0 }, 'from version 0', damaged],
    ['cut short', { data: '{"name":"Ad' }, 'it is not JSON', damaged],
    ['of another shape', { data: '{"name":7,"coats":2}' }, 'not of the known shape', damaged],
    ['that is no object', { data: '[]' }, 'not of the known shape', damaged],
    ['with damaged metadata', { meta: '{' }, 'it is not JSON', damaged],
    ['with strange metadata', { meta: '{"at":7}' }, 'its metadata', damaged],
  ])('because it is %s says where it is and what to do', (_, fields, found, hint) => {
    const error = trouble(fields);
    const { type = 'BoatNamed', schemaVersion = 3 } = fields as Partial<StoredEvent>;
    expect(error.message).toContain(
      `Cannot read ${type} v${schemaVersion} at position 12 (boat-7@4): `,
    );
    expect(error.message).toContain(found);
    expect(error.hint).toContain(hint);
    expect(error).toMatchObject({
      code: 'unreadable_event',
      position: 12,
      name: 'UnreadableEvent',
    });
  });
});

describe('an event that may not be written', () => {
  const completed: BoardDomainEvent = { type: 'TaskCompleted', data: { summary: 'Two coats.' } };

  it('is one whose payload is not what the catalogue says', () => {
    const bad = { type: 'TaskCompleted', data: { summary: 7 } } as unknown as BoardDomainEvent;
    expect(() => codec.encode('e-1', bad, meta)).toThrow(ZodError);
  });

  it('is told of in words for people, however often something was written before', () => {
    const bad = { type: 'TaskCompleted', data: { summary: 7 } } as unknown as BoardDomainEvent;
    for (let count = 0; count <= checksBeforeCompiling; count += 1) {
      codec.encode('e-1', completed, meta);
    }
    expect(() => codec.encode('e-1', bad, meta)).toThrow('"must be text"');
  });

  it('is one whose metadata no reader would accept', () => {
    for (const bad of [
      { ...meta, actor: { kind: 'human', id: '' } },
      { ...meta, commandId: '' },
      { ...meta, at: 0.5 },
    ] as const) {
      expect(() => codec.encode('e-1', completed, bad)).toThrow(ZodError);
    }
  });

  it('is one the catalogue does not list', () => {
    const unknown = { type: 'toString', data: {} } as unknown as BoardDomainEvent;
    expect(() => codec.encode('e-1', unknown, meta)).toThrow('No shape for event type toString');
  });
});

describe('whatever is written can be read', () => {
  it.each(Object.keys(catalogue) as EventType[])('%s', (type) => {
    fc.assert(
      fc.property(payloads[type] as fc.Arbitrary<object>, metas, (data, anyMeta) => {
        const event = { type, data } as BoardDomainEvent;
        const place = { stream: 'any-1', version: 0, position: 1, recordedAtMs: 0 };
        const stored = { ...codec.encode('e-1', event, anyMeta), ...place };
        const decoded = codec.decode(stored);
        expect(codec.decodeUnchecked(stored)).toEqual(decoded);
        expect(decoded.data).toEqual(data);
        expect(decoded.meta).toEqual(anyMeta);
        expect(codec.encode('e-1', decoded, decoded.meta)).toEqual(
          codec.encode('e-1', event, anyMeta),
        );
      }),
      { numRuns: 50 },
    );
  });
});
