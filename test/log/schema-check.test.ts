/** The check that a schema is compiled into, beside the schema itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue, type EventType } from '../../src/domain/catalogue.ts';
import { eventMetaSchema } from '../../src/domain/event.ts';
import {
  checksBeforeCompiling,
  createSchemaCheck,
  type SchemaCheck,
} from '../../src/log/schema-check.ts';
import { metas, payloads } from '../kit/event-arbitraries.ts';

/** A check that has been compiled. */
function worn<S extends z.ZodType>(schema: S): SchemaCheck<S> {
  const check = createSchemaCheck(schema);
  for (let count = 0; count < checksBeforeCompiling; count += 1) check(null);
  return check;
}

/** A JSON object, and what may become of it: a field less, another, or one of another kind. */
function perhapsSpoilt(payload: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const spoil = fc.record({ at: fc.nat(), value: fc.option(fc.jsonValue()), isNew: fc.boolean() });
  return fc.tuple(payload, fc.option(spoil)).map(([whole, spoilt]) => {
    const fields = Object.entries(JSON.parse(JSON.stringify(whole)) as object);
    if (spoilt === null) return Object.fromEntries(fields);
    const [name = 'unknown'] = fields[spoilt.at % Math.max(fields.length, 1)] ?? [];
    const rest = fields.filter(([other]) => other !== name);
    const value = spoilt.value === null ? [] : [[spoilt.isNew ? 'unknown' : name, spoilt.value]];
    return Object.fromEntries([...rest, ...value]);
  });
}

function answersAlike(schema: z.ZodType, values: fc.Arbitrary<unknown>): void {
  const check = worn(schema);
  fc.assert(
    fc.property(values, (value) => {
      const [ours, its] = [check(value), schema.safeParse(value)];
      expect(ours.data).toStrictEqual(its.data);
      // What is stored is the text, so the order of the fields counts, too.
      expect(JSON.stringify(ours.data)).toBe(JSON.stringify(its.data));
      expect(ours.error?.issues).toStrictEqual(its.error?.issues);
    }),
  );
}

describe('a check that is used often', () => {
  it.each(Object.keys(catalogue) as EventType[])('says of %s what its schema says', (type) => {
    answersAlike(catalogue[type].schema, perhapsSpoilt(payloads[type]));
  });

  it('says of metadata what its schema says', () => {
    answersAlike(eventMetaSchema, perhapsSpoilt(metas));
  });

  it('no longer asks the schema about what is right', () => {
    const schema = z.object({ name: z.string() });
    const { safeParse } = schema;
    const asked: unknown[] = [];
    schema.safeParse = (value) => {
      asked.push(value);
      return safeParse(value);
    };
    const check = worn(schema);
    asked.length = 0;
    expect(check({ name: 'Ada' })).toEqual({ success: true, data: { name: 'Ada' } });
    expect(check({ name: 7 }).success).toBe(false);
    expect(asked).toEqual([{ name: 7 }]);
  });
});
