/** Ids and words on a command line. */
import { describe, expect, test } from 'vitest';
import { reasonOf, splitIds, taskIdOf } from '../../src/cli/ids.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const task = 'T-0A1B2C3D4E';
const other = 'T-5F6G7H8J9K';
const run = 'R-0A1B2C3D4E5F';

describe('arguments', () => {
  test('are ids first, then words', () => {
    expect(splitIds([task, other, 'waits', 'for', 'the', 'key'])).toEqual({
      taskIds: [task, other],
      runIds: [],
      words: 'waits for the key',
    });
  });

  test('name a run as well as a task', () => {
    expect(splitIds([run])).toEqual({ taskIds: [], runIds: [run], words: undefined });
  });

  test('may be words alone, and an id among them stays a word', () => {
    expect(splitIds(['like', task]).words).toBe(`like ${task}`);
  });

  test('count a repeated id once, in whatever case it is typed', () => {
    expect(splitIds([task, task.toLowerCase()]).taskIds).toEqual([task]);
  });

  test.each(['T-123', 'T-../../etc', 't-0A1B2C3D4!', 'R-0', 'T-0A1B2C3D4EX'])(
    'that only look like an id are refused: %s',
    (word) => {
      expect(() => splitIds([word])).toThrow(UsageError);
    },
  );
});

describe('an id', () => {
  test.each(['', 'x', '../T-0A1B2C3D4E', `${task}\0`, `${task}\n`, 'T-0A1B2C3DIL'])(
    'is not %j',
    (text) => {
      expect(() => taskIdOf(text)).toThrow(UsageError);
    },
  );
});

describe('a reason', () => {
  test('is said once', () => {
    expect(reasonOf({ reason: 'a' }, undefined)).toBe('a');
    expect(reasonOf({}, 'b')).toBe('b');
    expect(reasonOf({}, undefined)).toBeUndefined();
    expect(() => reasonOf({ reason: 'a' }, 'b')).toThrow(UsageError);
  });
});
