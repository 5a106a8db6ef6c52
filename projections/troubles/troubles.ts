/** Folds events into `troubles`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { type RunEvent, terminalOutcomes } from '../../src/domain/run/events.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import { type Folding, type Projection, type Step, typesOf } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareSave } from '../table.ts';
import { prepareTaskExists, prepareTroubleById } from './queries.ts';
import {
  afterEvent,
  afterRun,
  isUntroubled,
  type TroubleRow,
  troubleTable,
  untroubled,
} from './row.ts';

/** The table `troubles`. Folded after `tasks` and `runs`, whose changes it judges. */
export const troubles: Projection<TaskEvent | RunEvent> = {
  table: 'troubles',
  key: 'task_id',
  version: 1,
  shape: readFileSync(new URL('./troubles.sql', import.meta.url), 'utf8'),
  // Those that begin or end a stop, change a hand-off, or end an attempt.
  folds: [
    ...(['TaskCreated', 'TaskEdited', 'TaskSpecified', 'TaskPromoted', 'TaskCompleted'] as const),
    ...(['TaskBlocked', 'TaskUnblocked', 'TaskHalted', 'TaskResumed'] as const),
    ...(['ReviewRequested', 'ReviewApproved'] as const),
    ...(['TaskArchived', 'TaskRestored', 'TaskTombstoned'] as const),
    ...typesOf(terminalOutcomes),
  ],
  open: openTroubles,
};

function openTroubles(db: Database.Database): Folding<TaskEvent | RunEvent> {
  const write = prepareSave(db, troubleTable);
  const remove = db.prepare<[string]>('DELETE FROM troubles WHERE task_id = ?');
  const isInTable = prepareTaskExists(db);
  const rows = createRowCache<TroubleRow>({ load: prepareTroubleById(db), save });
  /** Made in this transaction: their rows are still held back. */
  const made = new Set<string>();

  function save(row: TroubleRow): void {
    if (isUntroubled(row)) remove.run(row.taskId);
    else write(row);
  }

  function exists(taskId: string): boolean {
    return made.has(taskId) || isInTable(taskId);
  }

  function fold({ event, tasks: [change], runs: [run] }: Step<TaskEvent | RunEvent>): void {
    if (run?.after.end) {
      const { taskId, kind } = run.after.run.opened;
      const { outcome } = run.after.end;
      // A run that only keeps a record says nothing about how attempts go.
      if (kind !== 'record') update(taskId, (row) => afterRun(row, outcome));
      return;
    }
    if (change === undefined) return;
    const own = event as Recorded<TaskEvent>;
    const taskId = streamId(event.stream);
    if (event.type === 'TaskCreated') made.add(taskId);
    update(taskId, (row) => afterEvent(row, own, change, exists));
  }

  function update(taskId: string, evolve: (row: TroubleRow) => TroubleRow): void {
    const known = rows.get(taskId);
    const row = evolve(known ?? untroubled(taskId));
    // Most tasks are never in trouble: nothing is written for them.
    if (known !== undefined || !isUntroubled(row)) rows.put(taskId, row);
  }

  function forget(): void {
    rows.forget();
    made.clear();
  }

  return { fold, flush: rows.flush, forget };
}
