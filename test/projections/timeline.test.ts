/** The story of the board: what gets a line, how much it matters, and what followed from it. */
import { describe, expect, test } from 'vitest';
import type { TimelineRow } from '../../projections/index.ts';
import { byMachine, comment, lineAtMs, onBoard, onRun, onTask } from '../kit/a-history.ts';
import { beat, endings, opened, spawned } from '../kit/a-run.ts';
import { claimed, completed, created, halted, parentId, runId, taskId } from '../kit/a-task.ts';
import { given, questionsAbout } from '../kit/projection-given.ts';

const types = (rows: readonly TimelineRow[]) => rows.map(({ type }) => type);
const waiting = created({ parents: [parentId] });

describe('a line', () => {
  test('says what happened to which task, when, by whom and through which door', () => {
    given()
      .when(onTask(created({ body: 'x'.repeat(10_000) })))
      .then({
        timeline: [
          {
            position: 1,
            ordinal: 0,
            at_ms: lineAtMs(1),
            task_id: taskId,
            run_id: null,
            type: 'TaskCreated',
            actor_kind: 'human',
            actor_id: 'ada',
            surface: 'cli',
            data: '{"title":"Paint the hull","createdBy":"ada"}',
            correlation_id: 'command-1',
          },
          { type: 'became_ready' },
        ],
      });
  });

  test('cuts long texts and long lists', () => {
    const data = { cause: 'needs_input', reason: 'x'.repeat(10_000) } as const;
    const queries = questionsAbout(onTask(created()), onTask({ type: 'TaskBlocked', data }));
    const [row] = queries.timeline({ kinds: ['TaskBlocked'], limit: 1 });
    expect(row?.data).toEqual({ cause: 'needs_input', reason: `${'x'.repeat(200)}…` });
  });

  test('cuts no character in halves', () => {
    const data = { cause: 'needs_input', reason: `${'x'.repeat(199)}🚢 and more` } as const;
    const queries = questionsAbout(onTask(created()), onTask({ type: 'TaskBlocked', data }));
    const [row] = queries.timeline({ kinds: ['TaskBlocked'], limit: 1 });
    expect(row?.data['reason']).toBe(`${'x'.repeat(199)}…`);
  });

  test('about a run names its task', () => {
    const queries = questionsAbout(onRun(opened()), onRun(spawned));
    expect(queries.timeline({ limit: 9 })).toMatchObject([
      { type: 'WorkerSpawned', taskId, runId, data: { pid: 4711, host: 'quay' } },
    ]);
  });

  test('about the board names no task', () => {
    const queries = questionsAbout(
      onBoard({ type: 'BoardCreated', data: { name: 'yard', epoch: 'epoch-1' } }),
    );
    expect(queries.timeline({ limit: 9 })).toMatchObject([{ type: 'BoardCreated', taskId: null }]);
  });

  test('is not written for beats and usage', () => {
    given(onRun(opened()))
      .when(onRun(beat()), onRun({ type: 'UsageRecorded', data: { costUsd: 1 } }))
      .then({ timeline: [] });
  });
});

describe('what follows from an event', () => {
  test('stands under it, with the task it happened to', () => {
    const because = JSON.stringify({ because: { type: 'TaskCompleted', taskId: parentId } });
    given(onTask(created(), parentId), onTask(waiting))
      .when(onTask(completed, parentId))
      .then({
        timeline: [
          { type: 'TaskCreated', task_id: parentId },
          { type: 'became_ready', task_id: parentId },
          { type: 'TaskCreated', task_id: taskId },
          { type: 'began_to_wait', task_id: taskId },
          { position: 3, ordinal: 0, type: 'TaskCompleted', task_id: parentId },
          { position: 3, ordinal: 1, type: 'became_ready', task_id: taskId, data: because },
        ],
      });
  });

  test('is told when a reopened parent makes a ready task wait', () => {
    const reopened = onTask({ type: 'TaskReopened', data: {} }, parentId);
    const done = onTask(completed, parentId);
    const queries = questionsAbout(onTask(created(), parentId), done, onTask(waiting), reopened);
    const last = queries.timeline({ taskId, newestFirst: true, limit: 1 });
    expect(types(last)).toEqual(['began_to_wait']);
  });

  test('comes with its event, however short the part that is read', () => {
    const children = ['A', 'B', 'C'].map((name) => onTask(waiting, `T-000000000${name}`));
    const all = [onTask(created(), parentId), ...children, onTask(completed, parentId)];
    const queries = questionsAbout(...all);
    const page = queries.timeline({ afterPosition: 4, limit: 1 });
    expect(types(page)).toEqual(['TaskCompleted', 'became_ready', 'became_ready', 'became_ready']);
    const backwards = queries.timeline({ newestFirst: true, limit: 2 });
    expect(types(backwards)).toEqual([...types(page)].reverse());
  });
});

describe('how much a line matters', () => {
  test.each([
    ['a failure', onRun(endings.RunCrashed), 3],
    ['a halt', onTask(halted), 3],
    ['a person stepping in', onTask(completed), 3],
    ['the same by a worker', byMachine(onTask(completed)), 2],
    ['a comment', comment('Red?'), 2],
    ['a spawn', onRun(spawned), 1],
  ] as const)('%s', (_what, line, importance) => {
    const queries = questionsAbout(onTask(created()), onTask(claimed()), onRun(opened()), line);
    const [row] = queries.timeline({ afterPosition: 3, limit: 1 });
    expect(row?.importance).toBe(importance);
    const important = queries.timeline({ minImportance: 3, limit: 9 });
    expect(important).toHaveLength(importance === 3 ? 1 : 0);
  });
});

describe('the story', () => {
  const queries = questionsAbout(
    onTask(created(), parentId),
    onTask(created()),
    onTask(claimed()),
    onRun(opened()),
    onRun(endings.RunCrashed),
    comment('Again?'),
  );

  test('of one task has no other in it', () => {
    expect(types(queries.timeline({ taskId, limit: 9 }))).toEqual([
      ...['TaskCreated', 'became_ready', 'TaskClaimed', 'RunCrashed', 'CommentAdded'],
    ]);
  });

  test('of one run has nothing else in it', () => {
    expect(types(queries.timeline({ runId, limit: 9 }))).toEqual(['TaskClaimed', 'RunCrashed']);
  });

  test('can be read between two positions, by type, by importance', () => {
    const between = queries.timeline({ afterPosition: 2, beforePosition: 6, limit: 9 });
    expect(types(between)).toEqual(['TaskClaimed', 'RunCrashed']);
    expect(types(queries.timeline({ kinds: ['TaskClaimed'], limit: 9 }))).toEqual(['TaskClaimed']);
    expect(types(queries.timeline({ minImportance: 2, afterPosition: 2, limit: 9 }))).toEqual([
      ...['TaskClaimed', 'RunCrashed', 'CommentAdded'],
    ]);
  });
});
