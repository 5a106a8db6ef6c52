/**
 * Tasks folded together: an event of one changes how many open parents and done children others
 * have. The tables are folded with it, and the page in the browser.
 */
import type { Recorded } from '../catalogue.ts';
import type { Change } from '../change.ts';
import type { NoteEvent } from '../note/events.ts';
import { openParents as openParentsOf, satisfies } from '../readiness.ts';
import { streamId } from '../streams.ts';
import type { TaskEvent } from './events.ts';
import { evolveTaskRecord, settle, type TaskRecord } from './record.ts';

/** Where the records are kept, and who waits for whom. */
export interface Family {
  readonly records: {
    get(taskId: string): TaskRecord | undefined;
    put(taskId: string, record: TaskRecord): void;
  };
  /** The tasks that have this one among their parents, the event being folded included. */
  childIds(parentId: string): readonly string[];
}

/** A fold of tasks. */
export interface FamilyFold {
  /**
   * Folds one event; answers the tasks whose own standing, text or readiness it changed. Throws
   * when the event cannot have happened.
   */
  fold(event: Recorded<TaskEvent | NoteEvent>): readonly Change<TaskRecord>[];
}

/** A fold over these records. */
export function createFamilyFold({ records, childIds }: Family): FamilyFold {
  function fold(event: Recorded<TaskEvent | NoteEvent>): readonly Change<TaskRecord>[] {
    if (event.type !== 'CommentAdded') return foldOwn(event);
    countComment(streamId(event.stream));
    return [];
  }

  function foldOwn(event: Recorded<TaskEvent>): Change<TaskRecord>[] {
    const taskId = streamId(event.stream);
    const before = records.get(taskId);
    const evolved = evolveTaskRecord(before, event);
    const openParents = countOpenParents(before, evolved);
    const after = settle(before, evolved, { openParents, atMs: event.meta.at });
    records.put(taskId, after);
    const change = { before, after };
    tellParents(change);
    return [change, ...tellChildren(change, event.meta.at)];
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

  return { fold };
}

/** 1 when the task began to satisfy its children, -1 when it ceased to, 0 otherwise. */
function doneStep({ before, after }: Change<TaskRecord>): number {
  return Number(satisfies(after.task.standing)) - Number(satisfies(before?.task.standing));
}

function difference(these: readonly string[], those: readonly string[]): readonly string[] {
  return these.filter((id) => !those.includes(id));
}
