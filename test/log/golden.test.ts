/**
 * Golden events: every shape that was ever stored, one file per event type and schema version.
 *
 * The folder is add-only. A log written years ago contains exactly these bytes, so a file here is
 * never changed and never deleted; a new schema version adds a file, and its upcaster raises the
 * older ones to the `decoded` form, which then becomes the new one in all of them. A field that
 * came later without a new version has a file of its own, which carries its name.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue, type EventType, upcasters } from '../../src/domain/catalogue.ts';
import { codec } from '../../src/log/codec.ts';

/** A payload as it lies in the log, and as the program of today reads it. */
interface Example {
  readonly stored: Readonly<Record<string, unknown>>;
  readonly decoded: Readonly<Record<string, unknown>>;
}

interface Golden {
  readonly type: EventType;
  readonly schemaVersion: number;
  readonly meta: Readonly<Record<string, unknown>>;
  /** Every field the shape knows, the optional ones as well. */
  readonly full: Example;
  /** Only the fields that have to be there. */
  readonly minimal: Example;
}

const folder = new URL('golden/', import.meta.url);
const goldens = readdirSync(folder).map((file) => ({ file, ...read(file) }));
const current = goldens.filter(
  ({ type, schemaVersion }) => catalogue[type].schemaVersion === schemaVersion,
);

function read(file: string): Golden {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
}

/** The event as the log would give it back. */
function storedEvent({ type, schemaVersion, meta }: Golden, { stored }: Example) {
  const place = { stream: 'task-T-0A1B2C3D4E', version: 3, position: 7, recordedAtMs: 1 };
  const texts = { data: JSON.stringify(stored), meta: JSON.stringify(meta) };
  return { ...place, ...texts, id: 'e-1', type, schemaVersion };
}

describe.each(goldens)('$type at schema version $schemaVersion', (golden) => {
  it('is in the file that carries its name', () => {
    const { type, schemaVersion } = golden;
    expect(golden.file).toMatch(new RegExp(`^${type}\\.v${schemaVersion}(\\.[a-z]\\w*)?\\.json$`));
  });

  it.each(['full', 'minimal'] as const)('is read the same today as ever: %s', (which) => {
    const example = golden[which];
    expect(codec.decode(storedEvent(golden, example))).toStrictEqual({
      type: golden.type,
      data: example.decoded,
      id: 'e-1',
      stream: 'task-T-0A1B2C3D4E',
      version: 3,
      position: 7,
      meta: golden.meta,
    });
  });
});

describe.each(current)('$type, as it is written today', (golden) => {
  it.each(['full', 'minimal'] as const)('is stored byte for byte as before: %s', (which) => {
    const stored = storedEvent(golden, golden[which]);
    const { id, type, schemaVersion, data, meta } = stored;
    const decoded = codec.decode(stored);
    expect(codec.encode(id, decoded, decoded.meta)).toEqual({
      id,
      type,
      schemaVersion,
      data,
      meta,
    });
  });

  it('is shown with every field there can be, and with only those there must be', () => {
    const known = fieldsOf(z.toJSONSchema(catalogue[golden.type].schema, lenient));
    const sameShape = current.filter(({ type }) => type === golden.type);
    const shown = sameShape.flatMap(({ full }) => Object.keys(full.stored));
    expect(new Set(shown)).toEqual(known.all);
    expect(new Set(Object.keys(golden.minimal.stored))).toEqual(known.required);
  });
});

describe('the folder', () => {
  it('has a file for every event type at every schema version it ever had', () => {
    const expected = Object.entries(catalogue).flatMap(([type, { schemaVersion }]) =>
      Array.from({ length: schemaVersion }, (_, i) => `${type}.v${i + 1}.json`),
    );
    const shapes = new Set(
      goldens.map(({ file }) => file.replace(/(\.v\d+)\..*\.json$/, '$1.json')),
    );
    expect([...shapes].sort()).toEqual(expected.sort());
  });

  it('knows an upcaster from every older version to the next', () => {
    const needed = Object.entries(catalogue).flatMap(([type, { schemaVersion }]) =>
      Array.from({ length: schemaVersion - 1 }, (_, i) => `${type} from ${i + 1}`),
    );
    const known = Object.entries(upcasters).flatMap(([type, steps]) =>
      Object.keys(steps).map((from) => `${type} from ${from}`),
    );
    expect(known.sort()).toEqual(needed.sort());
  });
});

const lenient = { unrepresentable: 'any' } as const;

/** The names of the fields a payload can have, and of those it must have. */
function fieldsOf(schema: { properties?: object; required?: readonly string[] }) {
  return {
    all: new Set(Object.keys(schema.properties ?? {})),
    required: new Set(schema.required ?? []),
  };
}
