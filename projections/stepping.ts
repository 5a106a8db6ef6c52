/**
 * Tables that go through a log event by event, and say after each which tasks it concerned: what a
 * replay looks at. They live in memory, and nobody else has them.
 */
import Database from 'better-sqlite3';
import type { Recorded } from '../src/domain/catalogue.ts';
import type { Position } from '../src/log/event-log.ts';
import { createTransactions } from '../src/sqlite/transaction.ts';
import { type BuildOptions, type BuildParts, fillIndexedAfterwards } from './build.ts';
import { openFold } from './fold.ts';
import { prepareQueries, type Queries } from './queries.ts';

/** Tables on their way through a log. */
export interface SteppingTables {
  readonly queries: Queries;
  /**
   * Folds the next event; answers the ids of the tasks whose rows, or runs, it wrote, oldest task
   * first. Throws `ProjectionStopped` when it cannot be folded, and changes nothing.
   */
  step(event: Recorded): readonly string[];
  close(): void;
}

/** The database itself takes down which tasks and runs were written: nothing is missed. */
const noticing = `
  CREATE TEMP TABLE concerned (task_id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TEMP TRIGGER task_written AFTER INSERT ON main.tasks
    BEGIN INSERT OR IGNORE INTO concerned VALUES (new.task_id); END;
  CREATE TEMP TRIGGER run_written AFTER INSERT ON main.runs
    BEGIN INSERT OR IGNORE INTO concerned VALUES (new.task_id); END;
`;

/** Tables folded from the log up to `upTo`, 0 for none of it, which can step on from there. */
export async function openSteppingTables(
  parts: Omit<BuildParts, 'trustFileSystem'>,
  upTo: Position,
  options: Pick<BuildOptions, 'onProgress'> = {},
): Promise<SteppingTables> {
  const db = new Database(':memory:');
  try {
    db.exec('BEGIN');
    await fillIndexedAfterwards(db, { ...parts, trustFileSystem: true }, { ...options, upTo });
    db.exec('COMMIT');
    return stepThrough(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Steps on in tables that are the caller's alone; closing closes them. */
export function stepThrough(db: Database.Database): SteppingTables {
  db.exec(noticing);
  const transactions = createTransactions(db);
  const { fold, flush, forget } = openFold(db);
  const forgetConcerned = db.prepare('DELETE FROM concerned');
  // CROSS: left alone, SQLite walks all tasks in their order to save a sort of the few concerned.
  const concerned = db
    .prepare<[], string>(
      'SELECT task_id FROM concerned CROSS JOIN tasks USING (task_id) ORDER BY seq',
    )
    .pluck();

  function step(event: Recorded): readonly string[] {
    try {
      return transactions.immediate(() => {
        forgetConcerned.run();
        fold(event);
        flush();
        return concerned.all();
      });
    } catch (error) {
      forget();
      throw error;
    }
  }

  return { queries: prepareQueries(db), step, close: () => db.close() };
}
