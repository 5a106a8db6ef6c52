/** What may stand under `workers:` in the configuration, and what is refused. */
import { describe, expect, it } from 'vitest';
import { exitMeaning, workerDefinitionSchema } from '../../src/dispatcher/worker-definition.ts';

const parse = (written: unknown) => workerDefinitionSchema.parse(written);
const problems = (written: unknown) =>
  workerDefinitionSchema.safeParse(written).error?.issues.map((issue) => issue.path.join('.'));

describe('a worker definition', () => {
  it('needs nothing but a command', () => {
    expect(parse({ run: ['make', 'all'] })).toEqual({
      run: ['make', 'all'],
      env: {},
      inherit: [],
      stdin: 'none',
      onExit: {},
      requires: [],
      artifacts: [],
      maxRuntimeMs: 0,
    });
  });

  it('may say which skills its worker has, and say that it has none', () => {
    expect(parse({ run: ['x'] }).skills).toBeUndefined();
    expect(parse({ run: ['x'], skills: [] }).skills).toEqual([]);
    expect(parse({ run: ['x'], skills: ['brush'] }).skills).toEqual(['brush']);
  });

  it.each([
    ['90s', 90_000],
    ['1500ms', 1_500],
    ['1.5s', 1_500],
    ['2h', 7_200_000],
  ])('takes a longest runtime of %s', (maxRuntime, maxRuntimeMs) => {
    expect(parse({ run: ['x'], maxRuntime }).maxRuntimeMs).toBe(maxRuntimeMs);
  });

  it.each([
    [90, '90 says no unit: write 90s for seconds, or 90ms for milliseconds'],
    ['90', '90 says no unit: write 90s for seconds, or 90ms for milliseconds'],
    [1.5, '1.5 says no unit: write 1.5s for seconds, or 1.5ms for milliseconds'],
    [-90, 'is no duration: write a number with its unit, such as 90s, 5m or 2h'],
    ['soon', 'is no duration: write a number with its unit, such as 90s, 5m or 2h'],
    [null, 'is no duration: write a number with its unit, such as 90s, 5m or 2h'],
    [['90s', '5m'], 'is no duration: write a number with its unit, such as 90s, 5m or 2h'],
    ['0s', 'must be longer than nothing'],
    ['9999d', 'is longer than ten years'],
  ])('takes no longest runtime of %j', (maxRuntime, problem) => {
    const { error } = workerDefinitionSchema.safeParse({ run: ['x'], maxRuntime });

    expect(error?.issues).toMatchObject([{ path: ['maxRuntime'], message: problem }]);
  });

  it.each([
    ['an unknown key', { run: ['x'], retries: 3 }, ''],
    ['no command', { max: 1 }, 'run'],
    ['an empty command', { run: [] }, 'run'],
    [
      'an exit code that no process can return',
      { run: ['x'], onExit: { 256: 'fail' } },
      'onExit.256',
    ],
    ['an unknown meaning', { run: ['x'], onExit: { 0: 'done' } }, 'onExit.0'],
    [
      'a variable the dispatcher sets itself',
      { run: ['x'], env: { LOGBOARD_RUN: 'R' } },
      'env.LOGBOARD_RUN',
    ],
    ['artifacts outside the workspace', { run: ['x'], artifacts: ['../secret'] }, 'artifacts.0'],
  ])('is refused with %s', (_what, written, path) => {
    expect(problems(written)).toEqual([path]);
  });
});

describe('the meaning of an exit code', () => {
  const definition = parse({ run: ['x'], onExit: { 0: 'complete', 75: 'retry', '*': 'fail' } });

  it('is the one named for the code, else the one for every other code', () => {
    expect(exitMeaning(definition, 0)).toBe('complete');
    expect(exitMeaning(definition, 75)).toBe('retry');
    expect(exitMeaning(definition, 3)).toBe('fail');
  });

  it('is open when nothing was said about it', () => {
    expect(exitMeaning(parse({ run: ['x'], onExit: { 0: 'complete' } }), 1)).toBeUndefined();
    expect(exitMeaning(undefined, 0)).toBeUndefined();
  });
});
