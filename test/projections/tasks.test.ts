/** What `tasks` says about a task: its own story, its parents, its children, its schedule. */
import { describe, expect, test } from 'vitest';
import { comment, lineAtMs, onTask } from '../kit/a-history.ts';
import {
  archived,
  blocked,
  claimed,
  completed,
  created,
  failed,
  halted,
  inReview,
  laterMs,
  otherParentId,
  parentId,
  runId,
  storyOf,
  taskId,
  tombstoned,
} from '../kit/a-task.ts';
import { given, questionsAbout } from '../kit/projection-given.ts';

const waiting = created({ parents: [parentId] });
const parent = onTask(created(), parentId);
const parentDone = [onTask(claimed(), parentId), onTask(completed, parentId)];

describe('a task of its own', () => {
  test('is ready from the moment it is created', () => {
    given()
      .when(onTask(created({ body: 'Two coats.', assignee: 'painter', priority: 3 })))
      .then({
        tasks: [
          {
            seq: 1,
            task_id: taskId,
            title: 'Paint the hull',
            body: 'Two coats.',
            assignee: 'painter',
            priority: 3,
            status: 'ready',
            became_ready_at_ms: lineAtMs(1),
            created_at_ms: lineAtMs(1),
            updated_at_ms: lineAtMs(1),
            version: 0,
            position: 1,
          },
        ],
      });
  });

  test('points to its run while it is running, and remembers its first claim', () => {
    given(onTask(created()), onTask(claimed()), onTask(failed()))
      .when(onTask(claimed({ attempt: 2 })))
      .then({
        tasks: [
          {
            status: 'running',
            current_run_id: runId,
            attempts: 2,
            failures: 1,
            first_claimed_at_ms: lineAtMs(2),
            became_ready_at_ms: null,
          },
        ],
      });
  });

  test('carries its hand-off and the time it was done', () => {
    given(onTask(created()), onTask(claimed()))
      .when(onTask(completed))
      .then({
        tasks: [
          {
            status: 'done',
            current_run_id: null,
            hand_off: '{"summary":"Two coats."}',
            done_at_ms: lineAtMs(3),
          },
        ],
      });
  });

  test('says why it is blocked, and nothing of it afterwards', () => {
    given(onTask(created()))
      .when(onTask(blocked))
      .then({
        tasks: [{ status: 'blocked', block_cause: 'needs_input', block_reason: 'Which colour?' }],
      });
    given(onTask(created()), onTask(blocked))
      .when(onTask({ type: 'TaskUnblocked', data: {} }))
      .then({ tasks: [{ status: 'ready', block_cause: null, block_reason: null }] });
  });

  test('returns to where it stood when it is restored', () => {
    const restored = onTask({ type: 'TaskRestored', data: {} });
    given(onTask(created()), onTask(halted), onTask(archived))
      .when(restored)
      .then({ tasks: [{ status: 'halted' }] });
  });

  test('keeps the time it was done when it is archived', () => {
    given(onTask(created()), onTask(claimed()), onTask(completed))
      .when(onTask(archived))
      .then({ tasks: [{ status: 'archived', done_at_ms: lineAtMs(3) }] });
  });

  test.each(Object.entries(storyOf))('stands as its own fold says: %s', (status, story) => {
    const seen = status === 'queued' ? 'ready' : status;
    given()
      .when(...story.map((event) => onTask(event)))
      .then({ tasks: [{ status: seen }] });
  });

  test('counts its comments', () => {
    given(onTask(created()))
      .when(comment('Red?'), comment('Green.'))
      .then({ tasks: [{ comment_count: 2, version: 0 }] });
  });

  test('cannot be claimed before it is created', () => {
    given().when(onTask(claimed())).thenStopped('TaskClaimed before TaskCreated');
  });
});

describe('a task with a schedule', () => {
  const scheduled = created({ notBeforeMs: laterMs });

  test('is scheduled until its time has come, and ready from then on', () => {
    const queries = given()
      .when(onTask(scheduled))
      .then({ tasks: [{ status: 'scheduled', became_ready_at_ms: laterMs }] });
    expect(queries.task(taskId, laterMs - 1)?.status).toBe('scheduled');
    expect(queries.task(taskId, laterMs)?.status).toBe('ready');
  });

  test('is ready at once when the schedule is lifted', () => {
    given(onTask(scheduled))
      .when(onTask({ type: 'TaskScheduled', data: { notBeforeMs: null } }))
      .then({ tasks: [{ status: 'ready', became_ready_at_ms: lineAtMs(2) }] });
  });

  test('does not grow younger when its schedule is lifted late', () => {
    const past = created({ notBeforeMs: lineAtMs(1) + 10 });
    given(onTask(past))
      .when(onTask({ type: 'TaskScheduled', data: { notBeforeMs: null } }))
      .then({ tasks: [{ status: 'ready', became_ready_at_ms: lineAtMs(1) + 10 }] });
  });

  test('that came out of waiting too late became ready when it came out', () => {
    const late = created({ parents: [parentId], notBeforeMs: lineAtMs(1) });
    given(parent, onTask(late))
      .when(...parentDone)
      .then({ tasks: [{}, { status: 'scheduled', became_ready_at_ms: lineAtMs(4) }] });
  });

  test('waits after a failure for as long as the requeue says', () => {
    given(onTask(created()), onTask(claimed()))
      .when(onTask(failed({ notBeforeMs: laterMs, hold: 'backoff' })))
      .then({ tasks: [{ status: 'scheduled', hold: 'backoff', not_before_ms: laterMs }] });
  });
});

describe('a task with parents', () => {
  test('waits for them', () => {
    given(parent)
      .when(onTask(waiting))
      .then({
        tasks: [
          { task_id: parentId, children_total: 1, children_done: 0 },
          { status: 'waiting', open_parents: 1, became_ready_at_ms: null },
        ],
        links: [{ parent_id: parentId, child_id: taskId }],
      });
  });

  test('becomes ready when the last of them is done', () => {
    const both = created({ parents: [parentId, otherParentId] });
    const other = onTask(created(), otherParentId);
    given(parent, other, onTask(both), onTask(completed, parentId))
      .when(onTask(completed, otherParentId))
      .then({
        tasks: [
          { children_done: 0 },
          { children_done: 0 },
          { status: 'ready', open_parents: 0, became_ready_at_ms: lineAtMs(5) },
        ],
      });
  });

  test('waits again when one of them is reopened', () => {
    given(parent, onTask(waiting), ...parentDone)
      .when(onTask({ type: 'TaskReopened', data: {} }, parentId))
      .then({ tasks: [{}, { status: 'waiting', open_parents: 1, became_ready_at_ms: null }] });
  });

  test('that was done before it was archived still satisfies', () => {
    given(parent, ...parentDone, onTask(archived, parentId))
      .when(onTask(waiting))
      .then({ tasks: [{}, { status: 'ready', open_parents: 0 }] });
  });

  test('that was archived undone does not', () => {
    given(parent, onTask(waiting))
      .when(onTask(archived, parentId), onTask(tombstoned, parentId))
      .then({ tasks: [{}, { status: 'waiting', open_parents: 1 }] });
  });

  test('does not wait for one that is waived, whatever becomes of that', () => {
    const promoted = { forced: true, waivedParents: [parentId] };
    const before = [parent, onTask(waiting), onTask({ type: 'TaskPromoted', data: promoted })];
    const ready = { tasks: [{}, { status: 'ready', open_parents: 0 }] };
    given(...before)
      .when(...parentDone)
      .then(ready);
    given(...before, ...parentDone)
      .when(onTask({ type: 'TaskReopened', data: {} }, parentId))
      .then(ready);
  });

  test('waits when a parent is added, and no longer when it is removed', () => {
    const added = onTask({ type: 'ParentAdded', data: { parentId } });
    const removed = onTask({ type: 'ParentRemoved', data: { parentId } });
    given(parent, onTask(created()))
      .when(added)
      .then({ tasks: [{ children_total: 1 }, { status: 'waiting', open_parents: 1 }] });
    given(parent, onTask(created()), added)
      .when(removed)
      .then({ tasks: [{ children_total: 0 }, { status: 'ready', open_parents: 0 }], links: [] });
  });

  test('is counted as done by them when it is, and not when it is reopened', () => {
    const done = [onTask(claimed()), onTask(completed)];
    given(parent, onTask(waiting))
      .when(...done)
      .then({ tasks: [{ children_total: 1, children_done: 1 }, {}] });
    given(parent, onTask(waiting), ...done)
      .when(onTask({ type: 'TaskReopened', data: {} }))
      .then({ tasks: [{ children_total: 1, children_done: 0 }, {}] });
  });

  test('and children are found from either side', () => {
    const queries = questionsAbout(parent, onTask(waiting), onTask(inReview, parentId));
    expect(queries.parents(taskId, 0)).toMatchObject([{ taskId: parentId, status: 'review' }]);
    expect(queries.children(parentId, 0)).toMatchObject([{ taskId, status: 'waiting' }]);
  });
});
