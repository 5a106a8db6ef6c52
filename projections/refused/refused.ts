/** Folds events into `refused`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { Actor } from '../../src/domain/event.ts';
import { type RefusedEvent, refusedEvents } from '../../src/domain/refused/events.ts';
import { type Folding, type Projection, typesOf } from '../projection.ts';
import { prepareSave, tableOf } from '../table.ts';

/**
 * A stale write that was refused. Refusals are recorded one by one up to a limit per run; the row
 * with `countedFrom` says that from that one on they were only counted, and has no other facts.
 */
export interface RefusedRow {
  readonly position: number;
  readonly taskId: string;
  readonly runId: string;
  /** The command that was refused, such as `complete`. */
  readonly attempted: string | null;
  readonly code: string | null;
  readonly byKind: Actor['kind'] | null;
  readonly byId: string | null;
  /** The version of the run that the writer held, and the one that was found. */
  readonly expectedVersion: number | null;
  readonly actualVersion: number | null;
  /** First words of what it wanted to write. */
  readonly preview: string | null;
  readonly countedFrom: number | null;
  /** Wall clock, UTC ms. */
  readonly atMs: number;
}

/** The table `refused`. */
export const refused: Projection<RefusedEvent> = {
  table: 'refused',
  key: 'position',
  version: 1,
  shape: readFileSync(new URL('./refused.sql', import.meta.url), 'utf8'),
  folds: typesOf(refusedEvents),
  open: openRefused,
};

/** Every field of a refusal and its column. */
export const refusedTable = tableOf<RefusedRow>('refused', {
  position: 'plain',
  taskId: 'plain',
  runId: 'plain',
  attempted: 'plain',
  code: 'plain',
  byKind: 'plain',
  byId: 'plain',
  expectedVersion: 'plain',
  actualVersion: 'plain',
  preview: 'plain',
  countedFrom: 'plain',
  atMs: 'plain',
});

function openRefused(db: Database.Database): Folding<RefusedEvent> {
  const save = prepareSave(db, refusedTable);
  return {
    fold({ event }) {
      save(refusalOf(event));
    },
  };
}

function refusalOf(event: Recorded<RefusedEvent>): RefusedRow {
  const place = {
    position: event.position,
    taskId: streamId(event.stream),
    runId: event.data.runId,
    atMs: event.meta.at,
  };
  if (event.type === 'RefusalsSummarized') {
    return { ...place, ...noFacts, countedFrom: event.data.countedFrom };
  }
  const { attempted, code, by, expectedVersion, actualVersion, preview } = event.data;
  return {
    ...place,
    attempted,
    code,
    byKind: by.kind,
    byId: by.id,
    expectedVersion: expectedVersion ?? null,
    actualVersion,
    preview: preview ?? null,
    countedFrom: null,
  };
}

const noFacts = {
  attempted: null,
  code: null,
  byKind: null,
  byId: null,
  expectedVersion: null,
  actualVersion: null,
  preview: null,
} as const;
