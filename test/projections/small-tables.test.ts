/** The tables of a few rows: comments, refused writes, the board, its dispatchers. */
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { comment, lineAtMs, onBoard, onDispatcher, onRefused, onTask } from '../kit/a-history.ts';
import { created, otherRunId, runId, taskId } from '../kit/a-task.ts';
import { given, questionsAbout } from '../kit/projection-given.ts';

test('comments are kept with who sent them, through which door', () => {
  const queries = questionsAbout(onTask(created()), comment('Red?'), comment('Green.'));
  expect(queries.comments(taskId)).toMatchObject([
    { position: 2, author: 'ada', body: 'Red?', actorKind: 'human', surface: 'cli', runId: null },
    { position: 3, body: 'Green.', atMs: lineAtMs(3) },
  ]);
});

describe('refused writes', () => {
  const facts = { attempted: 'complete', code: 'stale_run', actualVersion: 7 };
  const by = { kind: 'worker', id: runId } as const;
  const refusal = onRefused({ type: 'WriteRefused', data: { runId, by, ...facts } });
  const counted = { runId: otherRunId, countedFrom: 21 };
  const queries = questionsAbout(
    refusal,
    onRefused({ type: 'RefusalsSummarized', data: counted }, 'T-0000000002'),
  );

  test('are found by task and by run', () => {
    expect(queries.refused({ taskId })).toMatchObject([
      { ...facts, byKind: 'worker', byId: runId },
    ]);
    expect(queries.refused({ runId })).toHaveLength(1);
    expect(queries.refused({ taskId, runId: otherRunId })).toEqual([]);
  });

  test('beyond the limit are one row', () => {
    const [row] = queries.refused({ runId: otherRunId });
    expect(row).toMatchObject({ countedFrom: 21, attempted: null });
    expect(queries.refused()).toHaveLength(2);
  });
});

const creation = onBoard({ type: 'BoardCreated', data: { name: 'yard', epoch: 'epoch-1' } });

describe('the board', () => {
  test('is one row, the fold of its stream', () => {
    const policy = { ...defaultPolicy, maxRunning: 9 };
    const queries = questionsAbout(
      creation,
      onBoard({ type: 'BoardRenamed', data: { name: 'wharf' } }),
      onBoard({ type: 'PolicyChanged', data: { policy } }),
      onBoard({ type: 'BoardPaused', data: { reason: 'storm' } }),
    );
    expect(queries.board()).toEqual({
      ...{ name: 'wharf', epoch: 'epoch-1', createdAtMs: lineAtMs(1) },
      ...{ isPaused: true, policy, version: 3, position: 4, resumedPosition: 0 },
    });
  });

  test('is nothing before it is created', () => {
    expect(questionsAbout().board()).toBeUndefined();
  });

  test('goes on when it is resumed', () => {
    given(creation, onBoard({ type: 'BoardPaused', data: {} }))
      .when(onBoard({ type: 'BoardResumed', data: {} }))
      .then({ board: [{ is_paused: 0, resumed_position: 3 }] });
  });
});

describe('dispatchers', () => {
  const started = onDispatcher({
    type: 'DispatcherStarted',
    data: {
      policy: defaultPolicy,
      host: 'quay',
      bootId: 'boot-1',
      pid: 7,
      programVersion: '1.0.0',
      assignees: ['painter'],
    },
  });
  const stopped = onDispatcher({ type: 'DispatcherStopped', data: { reason: 'asked to' } });

  test('are running until they say goodbye, and again when they come back', () => {
    given(started)
      .when(stopped)
      .then({ dispatchers: [{ stopped_at_ms: lineAtMs(2), stop_reason: 'asked to' }] });
    given(started, stopped)
      .when(started)
      .then({ dispatchers: [{ started_at_ms: lineAtMs(3), stopped_at_ms: null }] });
  });

  test('act by what they said last, wherever it stands', () => {
    const policy = { ...defaultPolicy, maxRunning: 9 };
    const changed = (id: string) =>
      onBoard({
        type: 'PolicyChanged',
        data: {
          policy,
          dispatcher: { id, assignees: ['rigger'], workers: { rigger: { max: 2 } } },
        },
      });
    const queries = questionsAbout(started, creation, changed('quay'));
    expect(queries.dispatchers()).toMatchObject([
      {
        ...{ assignees: ['rigger'], workers: { rigger: { max: 2 } }, policy, policyPosition: 3 },
        ...{ pid: 7, startedAtMs: lineAtMs(1), position: 1 },
      },
    ]);
    const ofOperator = onBoard({ type: 'PolicyChanged', data: { policy } });
    expect(questionsAbout(started, creation, ofOperator).dispatchers()).toMatchObject([
      { assignees: ['painter'], policy: defaultPolicy, policyPosition: 1 },
    ]);
    expect(questionsAbout(creation, changed('quay')).dispatchers()).toEqual([]);
  });

  test('are listed with the latest first', () => {
    const other = onDispatcher(started.event as never, 'mole');
    const queries = questionsAbout(started, other);
    expect(queries.dispatchers().map((row) => row.dispatcherId)).toEqual(['mole', 'quay']);
    expect(queries.dispatchers()[1]).toMatchObject({ assignees: ['painter'], pid: 7 });
  });

  test('cannot stop before they start', () => {
    given().when(stopped).thenStopped('DispatcherStopped before DispatcherStarted');
  });
});
