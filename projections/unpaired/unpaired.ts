/** Folds events into `unpaired`: the first of the two adds a row, the other takes it away. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { streamId } from '../../src/domain/catalogue.ts';
import type { RunEvent } from '../../src/domain/run/events.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import type { Folding, Projection, Step } from '../projection.ts';

type Half =
  | Extract<RunEvent, { type: 'RunOpened' }>
  | Extract<TaskEvent, { type: 'TaskCompleted' | 'TaskBlocked' }>;

/** The table `unpaired`. Folded after `tasks`, which knows whether a run held the task. */
export const unpaired: Projection<Half> = {
  table: 'unpaired',
  key: 'run_id',
  version: 1,
  shape: readFileSync(new URL('./unpaired.sql', import.meta.url), 'utf8'),
  folds: ['RunOpened', 'TaskCompleted', 'TaskBlocked'],
  open: openUnpaired,
};

interface Row {
  readonly runId: string;
  readonly taskId: string;
  readonly has: 'word' | 'record';
  readonly position: number;
}

function openUnpaired(db: Database.Database): Folding<Half> {
  const remove = db.prepare<[string]>('DELETE FROM unpaired WHERE run_id = ?');
  const insert = db.prepare<[Row]>(
    `INSERT INTO unpaired (run_id, task_id, has, position)
     VALUES (@runId, @taskId, @has, @position)`,
  );
  return {
    fold(step) {
      const half = halfOf(step);
      if (half !== undefined && remove.run(half.runId).changes === 0) insert.run(half);
    },
  };
}

/** A run that holds its task has a word of its own, and needs no record. */
function halfOf({ event, tasks }: Step<Half>): Row | undefined {
  const { position } = event;
  if (event.type === 'RunOpened') {
    const { taskId, kind } = event.data;
    const runId = streamId(event.stream);
    return kind === 'record' ? { runId, taskId, has: 'record', position } : undefined;
  }
  const { runId } = event.data;
  const taskId = streamId(event.stream);
  const change = tasks.find(({ after }) => after.taskId === taskId);
  const isHeld = change?.before?.task.standing.status === 'running';
  return runId === undefined || isHeld ? undefined : { runId, taskId, has: 'word', position };
}
