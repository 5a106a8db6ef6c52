/**
 * The steps of a chapter: rows as they stood a few thousand events after the step before, and the
 * keys of those that were gone. To write such rows costs a fraction of folding the events again.
 */
import type Database from 'better-sqlite3';
import type { Position } from '../../src/log/event-log.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { columnNames } from '../compare.ts';
import type { Projection } from '../projection.ts';
import { folded, keyOf } from './tables.ts';

/**
 * Creates the tables of steps from a place on, in the form of those of a database that has been
 * folded into. The first step is that place itself.
 */
export function createStepTables(
  steps: Database.Database,
  tables: Database.Database,
  start: Checkpoint,
): void {
  steps.exec('CREATE TABLE steps (position INTEGER PRIMARY KEY, epoch TEXT, hash TEXT) STRICT');
  for (const projection of folded) {
    const { table } = projection;
    const [columns, key] = [columnNames(tables, table).join(', '), keyOf(projection).join(', ')];
    // Values are kept as they are; the tables they come from and go to say what they may be.
    steps.exec(`
      CREATE TABLE ${table} (up_to, n, ${columns}, PRIMARY KEY (up_to, n)) WITHOUT ROWID;
      CREATE TABLE ${table}_gone (up_to, ${key}, PRIMARY KEY (${key}, up_to)) WITHOUT ROWID;`);
  }
  prepareAddStep(steps).run(start);
}

function prepareAddStep(steps: Database.Database): Database.Statement<[Checkpoint]> {
  return steps.prepare(
    'INSERT INTO steps (position, epoch, hash) VALUES (@position, @epoch, @hash)',
  );
}

/** The last step up to a position, of those attached as `steps` that begin at `start`. */
export function lastStep(
  db: Database.Database,
  start: Position,
  upTo: Position = Number.MAX_SAFE_INTEGER,
): Checkpoint | undefined {
  return db
    .prepare<[{ start: Position; upTo: Position }], Checkpoint>(
      `SELECT position, epoch, hash FROM steps.steps
       WHERE position <= @upTo AND (SELECT min(position) FROM steps.steps) = @start
       ORDER BY position DESC LIMIT 1`,
    )
    .get({ start, upTo });
}

/** Brings the tables of a chapter's start to a step of it; its steps are attached as `steps`. */
export function applySteps(db: Database.Database, upTo: Position): void {
  for (const projection of folded) {
    const { table } = projection;
    const columns = columnNames(db, table).join(', ');
    const key = keyOf(projection);
    const isSame = key.map((part) => `gone.${part} = step.${part}`).join(' AND ');
    db.prepare(
      `DELETE FROM main.${table} WHERE (${key.join(', ')}) IN (
         SELECT ${key.join(', ')} FROM steps.${table}_gone WHERE up_to <= ?)`,
    ).run(upTo);
    db.prepare(
      `INSERT OR REPLACE INTO main.${table} (${columns})
       SELECT ${columns} FROM steps.${table} AS step WHERE up_to <= @upTo AND NOT EXISTS (
         SELECT 1 FROM steps.${table}_gone AS gone
         WHERE ${isSame} AND gone.up_to > step.up_to AND gone.up_to <= @upTo)
       ORDER BY up_to, n`,
    ).run({ upTo });
  }
}

/** Writes down which rows change, in one transaction. */
export interface Recorder {
  /** Adds a step: everything that changed since the one before, as it stands now. */
  record(step: Checkpoint): void;
  /** Keeps what was added. */
  commit(): void;
}

/** Watches the rows of a database from now on; what changes is recorded in another one. */
export function recordSteps(tables: Database.Database, steps: Database.Database): Recorder {
  const writers = folded.map((projection) => watch(projection, tables, steps));
  const addStep = prepareAddStep(steps);
  steps.exec('BEGIN IMMEDIATE');
  return {
    record(step) {
      for (const write of writers) write(step.position);
      addStep.run(step);
    },
    commit: () => void steps.exec('COMMIT'),
  };
}

/** Answers how to write the rows of one table that were touched since the last time. */
function watch(
  projection: Projection,
  tables: Database.Database,
  steps: Database.Database,
): (upTo: Position) => void {
  const { table } = projection;
  const key = keyOf(projection);
  const columns = columnNames(tables, table);
  const touched = `touched_${table}`;
  noteTouched(tables, { table, touched, key });
  const join = `temp.${touched} AS touched LEFT JOIN main.${table} AS kept
    ON ${key.map((part) => `kept.${part} = touched.${part}`).join(' AND ')}`;
  const of = (side: string, names: readonly string[]) => names.map((name) => `${side}.${name}`);
  const select = (wanted: readonly string[], condition: string) =>
    tables
      .prepare<[], unknown[]>(`SELECT ${wanted.join(', ')} FROM ${join} WHERE ${condition}`)
      .raw();
  const kept = select(of('kept', columns), `kept.${key[0]} IS NOT NULL`);
  const gone = select(of('touched', key), `kept.${key[0]} IS NULL`);
  const marks = (names: readonly string[]) => names.map(() => ', ?').join('');
  const addKept = steps.prepare(`INSERT INTO ${table} VALUES (?, ?${marks(columns)})`);
  const addGone = steps.prepare(`INSERT INTO ${table}_gone VALUES (?${marks(key)})`);
  const forget = tables.prepare(`DELETE FROM temp.${touched}`);

  return (upTo) => {
    for (const [n, row] of kept.all().entries()) addKept.run(upTo, n, ...row);
    for (const row of gone.all()) addGone.run(upTo, ...row);
    forget.run();
  };
}

interface Touched {
  readonly table: string;
  /** The table that keeps the keys of touched rows. */
  readonly touched: string;
  readonly key: readonly string[];
}

function noteTouched(db: Database.Database, { table, touched, key }: Touched): void {
  const names = key.join(', ');
  const of = (side: string) => key.map((part) => `${side}.${part}`).join(', ');
  const note = (side: string) => `INSERT OR IGNORE INTO ${touched} VALUES (${of(side)});`;
  db.exec(`
    CREATE TEMP TABLE ${touched} (${names}, PRIMARY KEY (${names})) WITHOUT ROWID;
    CREATE TEMP TRIGGER ${touched}_added AFTER INSERT ON main.${table}
      BEGIN ${note('new')} END;
    CREATE TEMP TRIGGER ${touched}_changed AFTER UPDATE ON main.${table}
      BEGIN ${note('new')} ${note('old')} END;
    CREATE TEMP TRIGGER ${touched}_removed AFTER DELETE ON main.${table}
      BEGIN ${note('old')} END;`);
}
