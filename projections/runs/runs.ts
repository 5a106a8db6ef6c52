/** Folds events into `runs`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { type RunEvent, runEvents } from '../../src/domain/run/events.ts';
import { prepareSave } from '../columns.ts';
import type { Folding, Projection, Step } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareRunById } from './queries.ts';
import { evolveRecord, extendLease, type RunRecord } from './record.ts';
import { recordOf, rowOf, runColumns } from './row.ts';

/** The table `runs`. */
export const runs: Projection = {
  table: 'runs',
  key: 'seq',
  version: 1,
  shape: readFileSync(new URL('./runs.sql', import.meta.url), 'utf8'),
  open: openRuns,
};

function openRuns(db: Database.Database): Folding {
  const saveRow = prepareSave(db, 'runs', runColumns);
  const rowById = prepareRunById(db);
  const records = createRowCache<RunRecord>({
    load,
    save: (record) => saveRow(rowOf(record)),
  });

  function load(runId: string): RunRecord | undefined {
    const row = rowById(runId);
    return row && recordOf(row);
  }

  function fold({ event, runs: changes }: Step): void {
    const runId = runIdOf(event);
    if (runId === undefined) return;
    const before = records.get(runId);
    const after = evolve(before, event);
    if (after === undefined) return;
    records.put(runId, after);
    changes.push({ before, after });
  }

  return { fold, flush: records.flush, forget: records.forget };
}

function runIdOf(event: Recorded): string | undefined {
  if (isRunEvent(event)) return streamId(event.stream);
  return event.type === 'LeaseExtended' ? event.data.runId : undefined;
}

/** Undefined when a lease is extended whose run was claimed but never opened. */
function evolve(before: RunRecord | undefined, event: Recorded): RunRecord | undefined {
  if (isRunEvent(event)) return evolveRecord(before, event);
  return before && event.type === 'LeaseExtended' ? extendLease(before, event) : undefined;
}

function isRunEvent(event: Recorded): event is Recorded<RunEvent> {
  return event.type in runEvents;
}
