/** Folds events into `tasks`: a task's own, and what they mean for its parents and children. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { NoteEvent } from '../../src/domain/note/events.ts';
import { openParents, satisfies } from '../../src/domain/readiness.ts';
import { type TaskEvent, taskEvents } from '../../src/domain/task/events.ts';
import { prepareChildIds } from '../links/queries.ts';
import type { Change, Folding, Projection, Step } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { taskColumns } from './columns.ts';
import { prepareTaskById } from './queries.ts';
import { evolveTaskRow, settle, type TaskRow } from './row.ts';

/** The table `tasks`. Folded after `links`, which it asks for children. */
export const tasks: Projection = {
  table: 'tasks',
  key: 'seq',
  version: 1,
  shape: readFileSync(new URL('./tasks.sql', import.meta.url), 'utf8'),
  open: openTasks,
};

function openTasks(db: Database.Database): Folding {
  const childIds = prepareChildIds(db);
  const insert = db.prepare(`INSERT OR REPLACE INTO tasks ${taskColumns.values}`);
  const rows = createRowCache<TaskRow>({
    load: prepareTaskById(db),
    save: (row) => insert.run(taskColumns.bind(row)),
  });

  function fold({ event, tasks: changes }: Step): void {
    if (isTaskEvent(event)) foldOwn(event, changes);
    else if (event.type === 'CommentAdded') countComment(event);
  }

  function foldOwn(event: Recorded<TaskEvent>, changes: Change<TaskRow>[]): void {
    const taskId = streamId(event.stream);
    const before = rows.get(taskId);
    const evolved = evolveTaskRow(before, event);
    const counted = { ...evolved, openParents: countOpenParents(before, evolved) };
    const after = settle(before, counted, event.meta.at);
    rows.put(taskId, after);
    changes.push({ before, after });
    const change = { before, after };
    tellParents(change);
    changes.push(...tellChildren(change, event.meta.at));
  }

  function countOpenParents(before: TaskRow | undefined, task: TaskRow): number {
    const isSame = task.parents === before?.parents && task.waivedParents === before.waivedParents;
    return isSame ? task.openParents : openParents(task, standingOf).length;
  }

  function standingOf(taskId: string) {
    return rows.get(taskId)?.standing;
  }

  /** Parents count their children, and those that are done. */
  function tellParents({ before, after }: Change<TaskRow>): void {
    const were = before?.parents ?? [];
    if (were !== after.parents) {
      const isDone = satisfies(before?.standing);
      for (const id of difference(after.parents, were)) countChild(id, 1, Number(isDone));
      for (const id of difference(were, after.parents)) countChild(id, -1, -Number(isDone));
    }
    const step = doneStep({ before, after });
    if (step !== 0) for (const id of after.parents) countChild(id, 0, step);
  }

  function countChild(parentId: string, total: number, done: number): void {
    const parent = rows.get(parentId);
    if (parent === undefined) return;
    const childrenTotal = parent.childrenTotal + total;
    const childrenDone = parent.childrenDone + done;
    rows.put(parentId, { ...parent, childrenTotal, childrenDone });
  }

  /** Children wait for one parent less, or for one more; answers those that changed. */
  function tellChildren(change: Change<TaskRow>, atMs: number): Change<TaskRow>[] {
    const step = doneStep(change);
    if (step === 0) return [];
    const parentId = change.after.taskId;
    return childIds(parentId).flatMap((childId) => {
      const before = rows.get(childId);
      if (before === undefined || before.waivedParents.includes(parentId)) return [];
      const after = settle(before, { ...before, openParents: before.openParents - step }, atMs);
      rows.put(childId, after);
      return [{ before, after }];
    });
  }

  function countComment(event: Recorded<NoteEvent>): void {
    const taskId = streamId(event.stream);
    const task = rows.get(taskId);
    if (task === undefined) return;
    rows.put(taskId, { ...task, commentCount: task.commentCount + 1 });
  }

  return { fold, flush: rows.flush, forget: rows.forget };
}

function isTaskEvent(event: Recorded): event is Recorded<TaskEvent> {
  return event.type in taskEvents;
}

/** 1 when the task began to satisfy its children, -1 when it ceased to, 0 otherwise. */
function doneStep({ before, after }: Change<TaskRow>): number {
  return Number(satisfies(after.standing)) - Number(satisfies(before?.standing));
}

function difference(these: readonly string[], those: readonly string[]): readonly string[] {
  return these.filter((id) => !those.includes(id));
}
