/**
 * Tables in memory for thousands of small boards, one after the other: a database that was closed
 * is emptied and serves the next one. To make it, and to prepare all its questions, takes longer
 * than to fold what happens on such a board.
 */
import Database from 'better-sqlite3';
import { createTables } from '../../projections/fold.ts';
import { projections as all } from '../../projections/index.ts';
import {
  openProjectionsIn,
  type Projections,
  type ProjectionsOptions,
} from '../../projections/run.ts';
import { openTables, type Tables } from '../../projections/tables.ts';
import { logClosed } from '../../src/log/closed.ts';

/** A database, and how it is made as if it were new. */
interface Recycled {
  readonly tables: Tables;
  empty(epoch: string): void;
}

const idle: Recycled[] = [];

/** Opens empty tables in memory for a log. */
export function openRecycled(options: Omit<ProjectionsOptions, 'path'>): Promise<Projections> {
  const keep = { open: async () => lend(options.log.epoch) };
  return openProjectionsIn(keep, { ...options, path: ':memory:' });
}

function lend(epoch: string): Tables {
  const recycled = idle.pop() ?? create(epoch);
  recycled.empty(epoch);
  const { tables } = recycled;
  let isClosed = false;
  return {
    get queries() {
      // What is asked after the end would be answered by the tables of another board.
      if (isClosed) throw logClosed();
      return tables.queries;
    },
    checkpoint: tables.checkpoint,
    apply: tables.apply,
    checkpoints: tables.checkpoints,
    retire: tables.retire,
    close() {
      if (!isClosed) idle.push(recycled);
      isClosed = true;
    },
  };
}

function create(epoch: string): Recycled {
  const db = new Database(':memory:');
  createTables(db, epoch);
  const forget = all.map(({ table }) => db.prepare(`DELETE FROM ${table}`));
  const begin = db.prepare(
    "UPDATE checkpoint SET position = 0, epoch = ?, hash = '', is_retired = 0",
  );
  const empty = (next: string) => {
    for (const each of forget) each.run();
    begin.run(next);
  };
  return { tables: openTables(db), empty };
}
