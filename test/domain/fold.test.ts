/** Folds are pure: the same events make the same state, and nothing given to them is changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RunEvent, runEvents } from '../../src/domain/run/events.ts';
import { evolveRun } from '../../src/domain/run/state.ts';
import { type TaskEvent, taskEvents } from '../../src/domain/task/events.ts';
import { evolveTask } from '../../src/domain/task/state.ts';
import { opened } from '../kit/a-run.ts';
import { storyOf } from '../kit/a-task.ts';
import { deepFreeze } from '../kit/deep-freeze.ts';
import { payloads } from '../kit/event-arbitraries.ts';
import { givenRun, givenTask } from '../kit/given.ts';

const meta = deepFreeze({ at: 7, actor: { kind: 'human', id: 'ada' } } as const);

describe.each(Object.keys(taskEvents) as TaskEvent['type'][])('%s', (type) => {
  const events = (payloads[type] as fc.Arbitrary<object>).map(
    (data) => deepFreeze({ type, data }) as TaskEvent,
  );

  it('folds onto a task in any standing, and twice to the same', () => {
    const states = Object.values(storyOf).map((story) => givenTask(...story).state);
    fc.assert(
      fc.property(fc.constantFrom(...states), events, (state, event) => {
        expect(evolveTask(state, event, meta)).toEqual(evolveTask(state, event, meta));
      }),
      { numRuns: 30 },
    );
  });
});

describe.each(Object.keys(runEvents) as RunEvent['type'][])('%s', (type) => {
  it('folds onto an open run, and twice to the same', () => {
    const { state } = givenRun(opened());
    fc.assert(
      fc.property(payloads[type] as fc.Arbitrary<object>, (data) => {
        const event = deepFreeze({ type, data }) as RunEvent;
        expect(evolveRun(state, event, meta)).toEqual(evolveRun(state, event, meta));
      }),
      { numRuns: 30 },
    );
  });
});

it('nothing happens to a task or a run before its first event', () => {
  for (const event of [...storyOf.archived.slice(1), ...storyOf.running.slice(1)]) {
    expect(() => evolveTask(undefined, event, meta)).toThrow(`${event.type} before TaskCreated`);
  }
  expect(() =>
    evolveRun(undefined, { type: 'WorkerStarted', data: { guard: 'worker' } }, meta),
  ).toThrow('WorkerStarted before RunOpened');
});
