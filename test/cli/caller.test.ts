/** Who acts, as the environment tells. */
import { describe, expect, test } from 'vitest';
import { callerOf, ownRun } from '../../src/cli/caller.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const run = 'R-0A1B2C3D4E5F';
const task = 'T-0A1B2C3D4E';

describe('a person', () => {
  test.each([
    [{ USER: 'kai' }, undefined, 'kai'],
    [{ LOGNAME: 'kai' }, undefined, 'kai'],
    [{ USER: 'kai', LOGBOARD_ACTOR: 'ops' }, undefined, 'ops'],
    [{ USER: 'kai', LOGBOARD_ACTOR: 'ops' }, 'ada', 'ada'],
    [{}, undefined, 'unknown'],
  ])('in %j called %j acts as %s', (environment, name, id) => {
    expect(callerOf(environment, name)).toEqual({ actor: { kind: 'human', id }, surface: 'cli' });
  });

  test.each(['', '  ', 'a\nb', 'a\0b', 'x'.repeat(201)])('cannot be called %j', (name) => {
    expect(() => callerOf({ USER: 'kai' }, name)).toThrow(UsageError);
  });
});

describe('a worker', () => {
  test('acts as its run, whatever name it gives', () => {
    const { actor, correlationId } = callerOf({ LOGBOARD_RUN: run, USER: 'kai' }, 'ada');

    expect(actor).toEqual({ kind: 'worker', id: run });
    expect(correlationId).toBe(run);
  });

  test('knows its task when the environment does', () => {
    expect(ownRun({ LOGBOARD_RUN: run, LOGBOARD_TASK: task })).toEqual({
      runId: run,
      taskId: task,
    });
    expect(ownRun({ LOGBOARD_RUN: run })).toEqual({ runId: run, taskId: undefined });
    expect(ownRun({ LOGBOARD_TASK: task })).toBeUndefined();
  });

  test.each([{ LOGBOARD_RUN: 'nonsense' }, { LOGBOARD_RUN: run, LOGBOARD_TASK: '../..' }])(
    'with %j is nobody',
    (environment) => {
      expect(() => callerOf(environment, undefined)).toThrow(UsageError);
    },
  );
});
