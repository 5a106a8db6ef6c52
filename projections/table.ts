/** A table: which columns hold the fields of its rows, and how rows are written and read. */
import type Database from 'better-sqlite3';
import { whenAsked } from './statements.ts';

/** How a field is stored: as it is, as JSON text, or as 0 or 1. Null is NULL in every form. */
export type ColumnForm = 'plain' | 'json' | 'flag';

/** A table with one column for every field of a row: `taskId` lives in `task_id`. */
export interface Table<Row> {
  readonly name: string;
  /** All columns, in the order of the fields. */
  readonly columns: readonly string[];
  /** The values of a row, in the order of the columns. */
  bind(row: Row): unknown[];
  /** The row of these values. */
  read(values: readonly unknown[]): Row;
}

/** The answers to one question about rows. */
export interface Rows<Row> {
  all(...bindings: readonly unknown[]): readonly Row[];
  /** The first one, if there is any. */
  one(...bindings: readonly unknown[]): Row | undefined;
}

/** Declares a table. */
export function tableOf<Row>(
  name: string,
  forms: Readonly<Record<keyof Row & string, ColumnForm>>,
): Table<Row> {
  const fields = Object.keys(forms) as (keyof Row & string)[];
  const encoded = [...fields.entries()]
    .map(([index, field]) => ({ index, form: forms[field] }))
    .filter(({ form }) => form !== 'plain');

  function bind(row: Row): unknown[] {
    const values: unknown[] = fields.map((field) => row[field]);
    for (const { index, form } of encoded) values[index] = store(values[index], form);
    return values;
  }

  const blank = blankRow(fields);

  function read(values: readonly unknown[]): Row {
    const row = { ...blank };
    for (let index = 0; index < fields.length; index += 1) row[fields[index]!] = values[index];
    for (const { index, form } of encoded) row[fields[index]!] = load(values[index], form);
    return row as Row;
  }

  return { name, columns: fields.map(columnName), bind, read };
}

/**
 * A row without values, for the others to be copied from. V8 makes a hash table of an object that
 * is given more than a dozen fields by computed names: slow to fill, and slow wherever a field is
 * read. What comes out of JSON has a shape, and its copies share it.
 */
function blankRow(fields: readonly string[]): Record<string, unknown> {
  return JSON.parse(JSON.stringify(Object.fromEntries(fields.map((field) => [field, null]))));
}

/** Prepares the writing of a row; one with the same key is replaced. */
export function prepareSave<Row>(db: Database.Database, table: Table<Row>): (row: Row) => void {
  return prepareWrite(db, table, 'INSERT OR REPLACE');
}

/** Prepares the writing of a row that is new; throws when there is one with the same key. */
export function prepareAdd<Row>(db: Database.Database, table: Table<Row>): (row: Row) => void {
  return prepareWrite(db, table, 'INSERT');
}

function prepareWrite<Row>(
  db: Database.Database,
  { name, columns, bind }: Table<Row>,
  verb: 'INSERT' | 'INSERT OR REPLACE',
): (row: Row) => void {
  const marks = columns.map(() => '?').join(', ');
  const write = db.prepare(`${verb} INTO ${name} (${columns.join(', ')}) VALUES (${marks})`);
  return (row) => void write.run(...bind(row));
}

/**
 * A question about rows, prepared when it is first asked: a command asks a few of all there are.
 * `which` is the SQL behind `SELECT … FROM table`. Values come as lists and become rows here:
 * SQLite's own objects take twice as long (measured).
 */
export function prepareRows<Row>(
  db: Database.Database,
  table: Table<Row>,
  which: string,
): Rows<Row> {
  const select = whenAsked(() =>
    db
      .prepare<unknown[], unknown[]>(
        `SELECT ${table.columns.join(', ')} FROM ${table.name} ${which}`,
      )
      .raw(),
  );
  return {
    all: (...bindings) =>
      select()
        .all(...bindings)
        .map(table.read),
    one(...bindings) {
      const values = select().get(...bindings);
      return values === undefined ? undefined : table.read(values);
    },
  };
}

function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function store(value: unknown, form: ColumnForm): unknown {
  if (value === null) return null;
  return form === 'json' ? JSON.stringify(value) : Number(value);
}

function load(stored: unknown, form: ColumnForm): unknown {
  if (stored === null || form === 'plain') return stored;
  return form === 'json' ? JSON.parse(stored as string) : stored === 1;
}
