/** Folds events into `timeline`. */
import { readFileSync } from 'node:fs';
import type { Folding, Projection } from '../projection.ts';
import { prepareAdd, tableOf } from '../table.ts';
import { notableTypes } from './importance.ts';
import { type TimelineRow, timelineRows } from './row.ts';

/** Every field of an entry and its column. */
export const timelineTable = tableOf<TimelineRow>('timeline', {
  position: 'plain',
  ordinal: 'plain',
  atMs: 'plain',
  taskId: 'plain',
  runId: 'plain',
  type: 'plain',
  importance: 'plain',
  actorKind: 'plain',
  actorId: 'plain',
  surface: 'plain',
  data: 'json',
  correlationId: 'plain',
  causationId: 'plain',
});

/** The table `timeline`. Folded after `tasks` and `runs`, whose changes it tells. */
export const timeline: Projection = {
  table: 'timeline',
  key: 'position, ordinal',
  version: 2,
  shape: readFileSync(new URL('./timeline.sql', import.meta.url), 'utf8'),
  folds: notableTypes,
  open: (db) => foldInto(prepareAdd(db, timelineTable)),
  journal: {
    columns: timelineTable.columns,
    open: (add) => foldInto((row) => add(timelineTable.bind(row))),
  },
};

function foldInto(add: (row: TimelineRow) => void): Folding {
  return {
    fold(step) {
      for (const row of timelineRows(step)) add(row);
    },
  };
}
