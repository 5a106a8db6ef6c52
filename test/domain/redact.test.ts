/** Secrets are taken out of texts and payloads, and nothing else is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, type EventType } from '../../src/domain/catalogue.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import { redactJson, redactText, secretMark } from '../../src/domain/redact.ts';
import { payloads } from '../kit/event-arbitraries.ts';
import { harmless, leaks } from '../kit/secrets.ts';
import { chosenSeed } from '../kit/seed.ts';

/** Packed beats are not text: incident files keep a `LogThinned` as it is. */
const redactedTypes = (Object.keys(catalogue) as EventType[]).filter(
  (type) => type !== 'LogThinned',
);

describe('texts', () => {
  it.each(leaks.map(({ text, secret }) => [text, secret]))(
    '%j loses its secret',
    (text, secret) => {
      const left = redactText(text);
      expect(left).not.toContain(secret);
      expect(left).toContain(secretMark);
      expect(left.length).toBeLessThanOrEqual(text.length);
    },
  );

  it.each(harmless)('“%s” stays as it is', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('says what is around a secret as before', () => {
    expect(redactText('cloned https://ada:hunter2@git.example.org/hull.git')).toBe(
      'cloned https://***@git.example.org/hull.git',
    );
    expect(redactText('use --token=abcdef now')).toBe('use --token=*** now');
  });

  it.each([
    'a',
    'A_',
    'eyJ',
    '-----BEGIN PRIVATE KEY-----\n',
    'password',
    'a.',
    '\n ',
    '"\\',
    'a:b@',
  ])(
    'a megabyte of %j does not hold it up',
    (piece) => {
      const text = piece.repeat(1_048_576 / piece.length);
      expect(redactText(text).length).toBeLessThanOrEqual(text.length);
    },
    20_000,
  );
});

describe('payloads', () => {
  it('fields and options with secret names lose their value, whatever it looks like', () => {
    const payload = {
      title: 'Paint the hull',
      argv: ['sail', '--api-key', 'plain', '--speed', 'fast'],
      metadata: { dbPassword: 'plain', pins: { secret: ['a1', 4711] }, inputTokens: 900 },
    };
    expect(redactJson(payload)).toEqual({
      title: 'Paint the hull',
      argv: ['sail', '--api-key', '***', '--speed', 'fast'],
      metadata: { dbPassword: '***', pins: { secret: ['**', 0] }, inputTokens: 900 },
    });
  });

  it.each(redactedTypes)('%s can still be read, whichever of its texts held a secret', (type) => {
    const { schema } = catalogue[type];
    const drawn = fc.record({
      data: payloads[type] as fc.Arbitrary<JsonObject>,
      leak: fc.constantFrom(...leaks),
      nth: fc.nat(9),
    });
    fc.assert(
      fc.property(drawn, ({ data, leak, nth }) => {
        const leaking = withTextAt(data, nth, leak.text);
        fc.pre(schema.safeParse(leaking).success);
        const left = schema.safeParse(redactJson(leaking));
        expect(left.error).toBeUndefined();
      }),
      { ...chosenSeed, numRuns: 30 },
    );
  });
});

/** The payload with another text in the place of its nth. */
function withTextAt(data: JsonObject, nth: number, text: string): JsonObject {
  let seen = -1;
  return JSON.parse(JSON.stringify(data), (_key, value: unknown) => {
    if (typeof value !== 'string') return value;
    seen += 1;
    return seen === nth ? text : value;
  }) as JsonObject;
}
