/** Folds events into `runs`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { type RunEvent, runEvents } from '../../src/domain/run/events.ts';
import { evolveRunRecord, extendLease, type RunRecord } from '../../src/domain/run/record.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import { type Folding, type Projection, type Step, typesOf } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareRunById } from './queries.ts';
import { prepareSaveRun, recordOf } from './row.ts';

/** What is told of a run: its own events, and the task's word on its lease. */
type Told = RunEvent | Extract<TaskEvent, { type: 'LeaseExtended' }>;

/** The table `runs`. */
export const runs: Projection<Told> = {
  table: 'runs',
  key: 'seq',
  version: 4,
  shape: readFileSync(new URL('./runs.sql', import.meta.url), 'utf8'),
  folds: [...typesOf(runEvents), 'LeaseExtended'],
  open: openRuns,
};

function openRuns(db: Database.Database): Folding<Told> {
  const rowById = prepareRunById(db);
  const save = prepareSaveRun(db);
  const records = createRowCache<RunRecord>({ load, save, isKept: ({ end }) => end === null });

  function load(runId: string): RunRecord | undefined {
    const row = rowById(runId);
    return row && recordOf(row);
  }

  function fold({ event, runs: changes }: Step<Told>): void {
    const runId = event.type === 'LeaseExtended' ? event.data.runId : streamId(event.stream);
    const before = records.get(runId);
    const after = evolve(before, event);
    if (after === undefined) return;
    records.put(runId, after);
    changes.push({ before, after });
  }

  return { fold, flush: records.flush, letGo: records.letGo, forget: records.forget };
}

/** Undefined when a lease is extended whose run was claimed but never opened. */
function evolve(before: RunRecord | undefined, event: Recorded<Told>): RunRecord | undefined {
  if (event.type !== 'LeaseExtended') return evolveRunRecord(before, event);
  return before && extendLease(before, event);
}
