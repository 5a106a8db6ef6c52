/** Folds events into `tasks`: a task's own, and what they mean for its parents and children. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { NoteEvent } from '../../src/domain/note/events.ts';
import { openParents as openParentsOf, satisfies } from '../../src/domain/readiness.ts';
import { type TaskEvent, taskEvents } from '../../src/domain/task/events.ts';
import { prepareChildIds } from '../links/queries.ts';
import { type Change, type Folding, type Projection, type Step, typesOf } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareTaskById } from './queries.ts';
import { evolveRecord, settle, type TaskRecord } from './record.ts';
import { prepareSaveTask, recordOf } from './row.ts';

/** The table `tasks`. Folded after `links`, which it asks for children. */
export const tasks: Projection<TaskEvent | NoteEvent> = {
  table: 'tasks',
  key: 'seq',
  version: 2,
  shape: readFileSync(new URL('./tasks.sql', import.meta.url), 'utf8'),
  folds: [...typesOf(taskEvents), 'CommentAdded'],
  open: openTasks,
};

function openTasks(db: Database.Database): Folding<TaskEvent | NoteEvent> {
  const childIds = prepareChildIds(db);
  const rowById = prepareTaskById(db);
  const records = createRowCache<TaskRecord>({ load, save: prepareSaveTask(db) });

  function load(taskId: string): TaskRecord | undefined {
    const row = rowById(taskId);
    return row && recordOf(row);
  }

  function fold({ event, tasks: changes }: Step<TaskEvent | NoteEvent>): void {
    if (event.type === 'CommentAdded') countComment(streamId(event.stream));
    else foldOwn(event, changes);
  }

  function foldOwn(event: Recorded<TaskEvent>, changes: Change<TaskRecord>[]): void {
    const taskId = streamId(event.stream);
    const before = records.get(taskId);
    const evolved = evolveRecord(before, event);
    const openParents = countOpenParents(before, evolved);
    const after = settle(before, evolved, { openParents, atMs: event.meta.at });
    records.put(taskId, after);
    const change = { before, after };
    tellParents(change);
    changes.push(change, ...tellChildren(change, event.meta.at));
  }

  function countOpenParents(before: TaskRecord | undefined, { task }: TaskRecord): number {
    const isSame =
      before?.task.parents === task.parents && before.task.waivedParents === task.waivedParents;
    return isSame ? before.openParents : openParentsOf(task, standingOf).length;
  }

  function standingOf(taskId: string) {
    return records.get(taskId)?.task.standing;
  }

  /** Parents count their children, and those that are done. */
  function tellParents({ before, after }: Change<TaskRecord>): void {
    const were = before?.task.parents ?? [];
    const { parents } = after.task;
    if (were !== parents) {
      const isDone = satisfies(before?.task.standing);
      for (const id of difference(parents, were)) countChild(id, 1, Number(isDone));
      for (const id of difference(were, parents)) countChild(id, -1, -Number(isDone));
    }
    const step = doneStep({ before, after });
    if (step !== 0) for (const id of parents) countChild(id, 0, step);
  }

  function countChild(parentId: string, total: number, done: number): void {
    const parent = records.get(parentId);
    if (parent === undefined) return;
    const childrenTotal = parent.childrenTotal + total;
    const childrenDone = parent.childrenDone + done;
    records.put(parentId, { ...parent, childrenTotal, childrenDone });
  }

  /** Children wait for one parent less, or for one more; answers those that changed. */
  function tellChildren(change: Change<TaskRecord>, atMs: number): Change<TaskRecord>[] {
    const step = doneStep(change);
    if (step === 0) return [];
    const parentId = change.after.taskId;
    return childIds(parentId).flatMap((childId) => {
      const before = records.get(childId);
      if (before === undefined || before.task.waivedParents.includes(parentId)) return [];
      const after = settle(before, before, { openParents: before.openParents - step, atMs });
      records.put(childId, after);
      return [{ before, after }];
    });
  }

  function countComment(taskId: string): void {
    const record = records.get(taskId);
    if (record === undefined) return;
    records.put(taskId, { ...record, commentCount: record.commentCount + 1 });
  }

  return { fold, flush: records.flush, forget: records.forget };
}

/** 1 when the task began to satisfy its children, -1 when it ceased to, 0 otherwise. */
function doneStep({ before, after }: Change<TaskRecord>): number {
  return Number(satisfies(after.task.standing)) - Number(satisfies(before?.task.standing));
}

function difference(these: readonly string[], those: readonly string[]): readonly string[] {
  return these.filter((id) => !those.includes(id));
}
