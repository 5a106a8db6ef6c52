/** What is wrong with what was written, in words for whoever wrote it. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { issuesOf, parseInWords } from '../../src/domain/issues.ts';

const shape = z.strictObject({
  title: z.string().min(2).max(9),
  priority: z.number().int().min(-5).max(5),
  tags: z.array(z.string()).min(1).max(2),
  size: z.enum(['small', 'large']),
  isDone: z.boolean(),
  said: z.string('has words of its own'),
});
const well = {
  title: 'Paint',
  priority: 1,
  tags: ['a'],
  size: 'small',
  isDone: true,
  said: 'so',
};

function found(changed: object): readonly unknown[] {
  const { error } = parseInWords(shape, { ...well, ...changed });
  return error === undefined ? [] : issuesOf(error);
}

describe('a problem', () => {
  test.each([
    [{ title: undefined }, 'title', 'is missing'],
    [{ title: 4 }, 'title', 'must be text'],
    [{ title: 'x' }, 'title', 'must have at least 2 characters'],
    [{ title: 'x'.repeat(10) }, 'title', 'must have at most 9 characters'],
    [{ priority: 'high' }, 'priority', 'must be a number'],
    [{ priority: 1.5 }, 'priority', 'must be a whole number'],
    [{ priority: 6 }, 'priority', 'must be at most 5'],
    [{ priority: -6 }, 'priority', 'must be at least -5'],
    [{ tags: 'a' }, 'tags', 'must be a list'],
    [{ tags: [] }, 'tags', 'must have at least 1 item'],
    [{ tags: ['a', 2] }, 'tags.1', 'must be text'],
    [{ size: 'huge' }, 'size', 'must be one of small, large'],
    [{ isDone: 'yes' }, 'isDone', 'must be true or false'],
    [{ sise: 'small' }, '', 'has keys that nobody knows: sise'],
    [{ said: 1 }, 'said', 'has words of its own'],
  ])('of %j is said with its place', (changed, path, problem) => {
    expect(found(changed)).toEqual([{ path, problem }]);
  });

  test('is one of several, and all are told', () => {
    expect(found({ title: 4, isDone: 0 })).toHaveLength(2);
  });

  test('is none where all is well', () => {
    expect(found({})).toEqual([]);
  });
});
