/** What was begun on a log that is not atomic, and by whom it is found: nobody else would look. */
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/run/events.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import { onRun, onTask } from '../kit/a-history.ts';
import { opened } from '../kit/a-run.ts';
import { blocked, claimed, completed, created, otherRunId, runId, taskId } from '../kit/a-task.ts';
import { given, questionsAbout } from '../kit/projection-given.ts';

const heartbeats = { count: 0, maxGapMs: 0 };
const done: TaskEvent = { type: 'TaskCompleted', data: { runId: otherRunId, summary: 'By hand.' } };
const wordOf: RunEvent = { type: 'RunCompleted', data: { heartbeats, review: false } };
const record = [onRun(opened({ kind: 'record' }), otherRunId), onRun(wordOf, otherRunId)];

describe("somebody's word on a task that no run held", () => {
  test('misses its record until that comes', () => {
    const queries = given(onTask(created()))
      .when(onTask(done))
      .then({ unpaired: [{ run_id: otherRunId, task_id: taskId, has: 'word', position: 2 }] });
    expect(queries.looseEnds()).toEqual([{ taskId, runId: otherRunId, missing: 'record' }]);
    given(onTask(created()), onTask(done))
      .when(...record)
      .then({ unpaired: [] });
  });

  test('may come after its record, as older programs had it', () => {
    const queries = given(onTask(created()), ...record)
      .when(onTask(done))
      .then({ unpaired: [] });
    expect(queries.looseEnds()).toEqual([]);
  });

  test('is not to be had when its record is all there is: nothing can be done about that', () => {
    const queries = given(onTask(created()))
      .when(...record)
      .then({ unpaired: [{ run_id: otherRunId, has: 'record' }] });
    expect(queries.looseEnds()).toEqual([]);
  });

  test.each([
    ['completion', completed],
    ['block', { ...blocked, data: { ...blocked.data, runId } } as TaskEvent],
  ])('is not what a run says that holds the task: a %s', (_what, event) => {
    given(onTask(created()), onTask(claimed()), onRun(opened()))
      .when(onTask(event))
      .then({ unpaired: [] });
  });
});

describe('a running task', () => {
  test('misses the opening of its run, then nothing, then what the end of the run means', () => {
    const claim = [onTask(created()), onTask(claimed())];
    expect(questionsAbout(...claim).looseEnds()).toEqual([{ taskId, runId, missing: 'opening' }]);
    const open = [...claim, onRun(opened())];
    expect(questionsAbout(...open).looseEnds()).toEqual([]);
    const over = [...open, onRun(wordOf)];
    expect(questionsAbout(...over).looseEnds()).toEqual([{ taskId, runId, missing: 'meaning' }]);
    expect(questionsAbout(...over, onTask(completed)).looseEnds()).toEqual([]);
  });
});
