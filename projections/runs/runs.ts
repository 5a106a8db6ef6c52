/** Folds events into `runs`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { type RunEvent, runEvents } from '../../src/domain/run/events.ts';
import type { Folding, Projection, Step } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { runColumns } from './columns.ts';
import { prepareRunById } from './queries.ts';
import { evolveRunRow, extendLease, type RunRow } from './row.ts';

/** The table `runs`. */
export const runs: Projection = {
  table: 'runs',
  key: 'seq',
  version: 1,
  shape: readFileSync(new URL('./runs.sql', import.meta.url), 'utf8'),
  open: openRuns,
};

function openRuns(db: Database.Database): Folding {
  const insert = db.prepare(`INSERT OR REPLACE INTO runs ${runColumns.values}`);
  const rows = createRowCache<RunRow>({
    load: prepareRunById(db),
    save: (row) => insert.run(runColumns.bind(row)),
  });

  function fold({ event, runs: changes }: Step): void {
    const runId = runIdOf(event);
    if (runId === undefined) return;
    const before = rows.get(runId);
    const after = evolve(before, event);
    if (after === undefined) return;
    rows.put(runId, after);
    changes.push({ before, after });
  }

  return { fold, flush: rows.flush, forget: rows.forget };
}

function runIdOf(event: Recorded): string | undefined {
  if (isRunEvent(event)) return streamId(event.stream);
  return event.type === 'LeaseExtended' ? event.data.runId : undefined;
}

/** Undefined when a lease is extended whose run was claimed but never opened. */
function evolve(before: RunRow | undefined, event: Recorded): RunRow | undefined {
  if (isRunEvent(event)) return evolveRunRow(before, event);
  return before && event.type === 'LeaseExtended' ? extendLease(before, event) : undefined;
}

function isRunEvent(event: Recorded): event is Recorded<RunEvent> {
  return event.type in runEvents;
}
