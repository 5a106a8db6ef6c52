/** Folds events into `stats`: adds and subtracts, and never counts. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Change } from '../../src/domain/change.ts';
import { type TaskEvent, taskEvents } from '../../src/domain/task/events.ts';
import type { TaskRecord } from '../../src/domain/task/record.ts';
import { type Folding, type Projection, typesOf } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareCount, type StatsRow } from './queries.ts';

/** The table `stats`. Folded after `tasks`, whose changes it counts. */
export const stats: Projection<TaskEvent> = {
  table: 'stats',
  key: 'assignee, status',
  version: 1,
  shape: readFileSync(new URL('./stats.sql', import.meta.url), 'utf8'),
  folds: typesOf(taskEvents),
  open: openStats,
};

function openStats(db: Database.Database): Folding<TaskEvent> {
  const write = db.prepare<[string, string, number]>(
    'INSERT OR REPLACE INTO stats (assignee, status, tasks) VALUES (?, ?, ?)',
  );
  const remove = db.prepare<[string, string]>(
    'DELETE FROM stats WHERE assignee = ? AND status = ?',
  );
  const rows = createRowCache<StatsRow>({ load: prepareCount(db), save });

  function save({ assignee, status, tasks }: StatsRow): void {
    if (tasks === 0) remove.run(assignee, status);
    else write.run(assignee, status, tasks);
  }

  function count({ before, after }: Change<TaskRecord>): void {
    if (before?.status === after.status && before.task.assignee === after.task.assignee) return;
    if (before !== undefined) add(before, -1);
    add(after, 1);
  }

  function add({ task, status }: TaskRecord, step: 1 | -1): void {
    const assignee = task.assignee ?? '';
    const key = `${assignee} ${status}`;
    const tasks = (rows.get(key)?.tasks ?? 0) + step;
    rows.put(key, { assignee, status, tasks });
  }

  return {
    fold: ({ tasks }) => {
      for (const change of tasks) count(change);
    },
    flush: rows.flush,
    forget: rows.forget,
  };
}
