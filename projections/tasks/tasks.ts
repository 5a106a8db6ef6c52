/** Folds events into `tasks`: a task's own, and what they mean for its parents and children. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { NoteEvent } from '../../src/domain/note/events.ts';
import { type TaskEvent, taskEvents } from '../../src/domain/task/events.ts';
import { createFamilyFold } from '../../src/domain/task/family.ts';
import type { TaskRecord } from '../../src/domain/task/record.ts';
import { prepareChildIds } from '../links/queries.ts';
import { type Folding, type Projection, typesOf } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareTaskById } from './queries.ts';
import { prepareSaveTask, recordOf } from './row.ts';

/** The table `tasks`. Folded after `links`, which it asks for children. */
export const tasks: Projection<TaskEvent | NoteEvent> = {
  table: 'tasks',
  key: 'seq',
  version: 3,
  shape: readFileSync(new URL('./tasks.sql', import.meta.url), 'utf8'),
  folds: [...typesOf(taskEvents), 'CommentAdded'],
  open: openTasks,
};

function openTasks(db: Database.Database): Folding<TaskEvent | NoteEvent> {
  const rowById = prepareTaskById(db);
  const isKept = ({ status }: TaskRecord) => status === 'running';
  const records = createRowCache<TaskRecord>({ load, save: prepareSaveTask(db), isKept });
  const family = createFamilyFold({ records, childIds: prepareChildIds(db) });

  function load(taskId: string): TaskRecord | undefined {
    const row = rowById(taskId);
    return row && recordOf(row);
  }

  return {
    fold({ event, tasks: changes }) {
      changes.push(...family.fold(event));
    },
    flush: records.flush,
    letGo: records.letGo,
    forget: records.forget,
  };
}
