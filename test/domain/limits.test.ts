/** The size and the alphabet of everything people and programs may write. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  bodyBytesMax,
  commentBytesMax,
  cut,
  type Json,
  metadataBytesMax,
  metadataDepthMax,
  metadataProblem,
  metadataSchema,
  noteCharsMax,
  textBytesMax,
  titleCharsMax,
} from '../../src/domain/limits.ts';
import { commentBodySchema } from '../../src/domain/note/events.ts';
import { runEvents } from '../../src/domain/run/events.ts';
import {
  assigneeSchema,
  bodySchema,
  longTextSchema,
  runIdSchema,
  taskFieldsSchema,
  taskIdSchema,
  titleSchema,
  workspaceSchema,
} from '../../src/domain/task/events.ts';

/** Why a schema refuses a value, in words; undefined when it accepts it. */
function problem(schema: z.ZodType, value: unknown): string | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}

describe('texts have sizes', () => {
  const sized = [
    ['a title', titleSchema, titleCharsMax, 500],
    ['a body', bodySchema, bodyBytesMax, 1024 * 1024],
    ['a comment', commentBodySchema, commentBytesMax, 64 * 1024],
    ['a reason', longTextSchema, textBytesMax, 64 * 1024],
    ['a note', runEvents.HeartbeatRecorded.schema.shape.note, noteCharsMax, 2_000],
  ] as const;

  it.each(sized)('%s takes its maximum, and not one more', (_, schema, max, documented) => {
    expect(max).toBe(documented);
    expect(problem(schema, 'x'.repeat(max))).toBeUndefined();
    expect(problem(schema, 'x'.repeat(max + 1))).toMatch(/^is (longer|larger) than \d+/);
  });

  it('bytes are counted as they are stored, not as characters', () => {
    expect(problem(longTextSchema, '⚓'.repeat(textBytesMax / 3))).toBeUndefined();
    expect(problem(longTextSchema, '⚓'.repeat(textBytesMax / 3 + 1))).toContain('is larger');
  });
});

describe('texts have an alphabet', () => {
  const controls = ['\u0000', '\u0007', '\u001b', '\u007f', '\u0085', '\u009f'];

  it.each(controls)('control characters belong nowhere: %j', (control) => {
    for (const schema of [titleSchema, bodySchema, commentBodySchema, longTextSchema]) {
      expect(problem(schema, `a${control}b`)).toBe('contains a control character');
    }
  });

  it('tabs and line ends belong in long texts only', () => {
    expect(problem(bodySchema, 'a\tb\r\nc\n')).toBeUndefined();
    expect(problem(titleSchema, 'a\nb')).toBe('contains a control character');
  });

  it('half a character is kept as what any encoder makes of it', () => {
    expect(titleSchema.parse('anchor \ud83e')).toBe('anchor \ufffd');
    expect(bodySchema.parse('\udea2 anchor')).toBe('\ufffd anchor');
    expect(bodySchema.parse('a whole knot: 🪢')).toBe('a whole knot: 🪢');
  });

  it('a title and a comment say something', () => {
    for (const empty of ['', '   ']) {
      expect(problem(titleSchema, empty)).toBeDefined();
      expect(problem(commentBodySchema, empty)).toBe('must not be empty');
    }
    expect(problem(titleSchema, ' Paint ')).toContain('must not');
  });
});

it('cutting a text never leaves half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, charsMax) => {
      const short = cut(text, charsMax);
      expect(text.startsWith(short)).toBe(true);
      expect(short).not.toMatch(/\p{Surrogate}/u);
      expect(short.length).toBeGreaterThanOrEqual(Math.min(text.length, charsMax) - 1);
      expect(short.length).toBeLessThanOrEqual(charsMax);
    }),
  );
});

describe('metadata', () => {
  /** Objects in objects, `depth` of them. */
  const nested = (depth: number): Json => (depth === 0 ? 1 : { in: nested(depth - 1) });

  it('is a JSON object', () => {
    for (const value of [null, 'text', 7, true, ['list'], undefined]) {
      expect(problem(metadataSchema, value)).toBe('is not a JSON object');
    }
    expect(problem(metadataSchema, { a: [1, 'b', null, { c: false }] })).toBeUndefined();
  });

  it('takes 256 KiB of JSON, and not one byte more', () => {
    expect(metadataBytesMax).toBe(256 * 1024);
    const sized = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
    expect(metadataProblem(sized(metadataBytesMax))).toBeUndefined();
    expect(metadataProblem(sized(metadataBytesMax + 1))).toContain('is larger than');
  });

  it('is nested 32 deep, and not one deeper', () => {
    expect(metadataDepthMax).toBe(32);
    expect(metadataProblem(nested(32))).toBeUndefined();
    expect(metadataProblem(nested(33))).toBe('is nested deeper than 32');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(metadataProblem(circle)).toBe('is nested deeper than 32');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('never has a key %s, at any depth', (key) => {
    const hostile = JSON.parse(`{"deep":[{"${key}":{"isAdmin":true}}]}`);
    expect(metadataProblem(hostile)).toBe(`contains the key ${key}`);
  });

  it('holds what JSON can carry, and nothing else', () => {
    const strange = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      undefined,
      1n,
      () => 1,
      new Date(0),
      new Map(),
    ];
    for (const value of strange) expect(metadataProblem({ value })).toMatch(/JSON cannot carry$/);
    expect(metadataProblem(new Date(0))).toBe('is not a JSON object');
    expect(metadataProblem(Object.assign(Object.create(null), { a: 1 }))).toBeUndefined();
  });

  it('that is accepted comes back from JSON as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        fc.pre(metadataProblem(value) === undefined);
        expect(metadataProblem(JSON.parse(JSON.stringify(value)))).toBeUndefined();
      }),
    );
  });
});

describe('names', () => {
  it('of tasks and runs leave out the letters that people confuse', () => {
    expect(problem(taskIdSchema, 'T-0123456789')).toBeUndefined();
    expect(problem(runIdSchema, 'R-0123456789AB')).toBeUndefined();
    for (const id of ['T-012345678I', 'T-012345678', 't-0123456789', 'R-0123456789', '']) {
      expect(problem(taskIdSchema, id)).toBe('is not a task id');
    }
  });

  it('of assignees can be keys of the configuration', () => {
    expect(problem(assigneeSchema, 'deck-hand_2.b')).toBeUndefined();
    for (const name of ['', 'Deckhand', 'deck hand', '-deck', 'x'.repeat(201)]) {
      expect(problem(assigneeSchema, name)).toBeDefined();
    }
  });

  it('of skills contain no comma, which would look like two', () => {
    expect(problem(taskFieldsSchema, { title: 'Paint', skills: ['a,b'] })).toBe('contains a comma');
  });
});

describe('a workspace', () => {
  it('is a managed folder, a given one, or a worktree', () => {
    for (const workspace of [
      { kind: 'scratch' },
      { kind: 'dir', path: '/srv/hull' },
      { kind: 'worktree' },
      { kind: 'worktree', path: '/srv/hull' },
    ]) {
      expect(problem(workspaceSchema, workspace)).toBeUndefined();
    }
  });

  it.each([
    [{ kind: 'scratch', path: '/srv' }, 'a scratch workspace has no path of its own'],
    [{ kind: 'dir' }, 'a dir workspace needs an absolute path'],
    [{ kind: 'dir', path: 'srv' }, 'must be an absolute path'],
    [{ kind: 'dir', path: '/srv/../etc' }, 'must not contain ..'],
  ])('%j is none: %s', (workspace, why) => {
    expect(problem(workspaceSchema, workspace)).toBe(why);
  });
});
