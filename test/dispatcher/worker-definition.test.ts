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

  it('takes a longest runtime in ms or with a unit', () => {
    expect(parse({ run: ['x'], maxRuntime: 1_500 }).maxRuntimeMs).toBe(1_500);
    expect(parse({ run: ['x'], maxRuntime: '90s' }).maxRuntimeMs).toBe(90_000);
    expect(parse({ run: ['x'], maxRuntime: '2h' }).maxRuntimeMs).toBe(7_200_000);
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
    ['a duration without sense', { run: ['x'], maxRuntime: 'soon' }, 'maxRuntime'],
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
