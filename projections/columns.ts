/** The columns of a table: which fields of a row they hold, and in which form. */
import type Database from 'better-sqlite3';

/** How a field is stored: as it is, as JSON text, or as 0 or 1. Null is NULL in every form. */
export type ColumnForm = 'plain' | 'json' | 'flag';

/** The columns of one table. A field `taskId` lives in a column `task_id`. */
export interface Columns<Row> {
  /** For SELECT: all columns, each under its field's name. */
  readonly list: string;
  /** For INSERT: all columns, and a question mark for each: `(a, b) VALUES (?, ?)`. */
  readonly values: string;
  /** What to bind to those question marks. */
  bind(row: Row): unknown[];
  /** A row from what SELECT gave. */
  read(record: unknown): Row;
}

/** Declares the columns of a table, one for every field of its rows. */
export function columnsOf<Row>(
  forms: Readonly<Record<keyof Row & string, ColumnForm>>,
): Columns<Row> {
  const fields = Object.keys(forms) as (keyof Row & string)[];
  const names = fields.map(columnName);
  const encoded = [...fields.entries()]
    .map(([index, field]) => ({ index, field, form: forms[field] }))
    .filter(({ form }) => form !== 'plain');

  function bind(row: Row): unknown[] {
    const values: unknown[] = fields.map((field) => row[field]);
    for (const { index, form } of encoded) values[index] = store(values[index], form);
    return values;
  }

  function read(record: unknown): Row {
    const row = record as Record<string, unknown>;
    for (const { field, form } of encoded) row[field] = load(row[field], form);
    return row as Row;
  }

  return {
    list: fields.map((field) => `${columnName(field)} AS ${field}`).join(', '),
    values: `(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    bind,
    read,
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
  if (stored === null) return null;
  return form === 'json' ? JSON.parse(stored as string) : stored === 1;
}

/** Prepares the writing of a row; one with the same key is replaced. */
export function prepareSave<Row>(
  db: Database.Database,
  table: string,
  columns: Columns<Row>,
): (row: Row) => void {
  const save = db.prepare(`INSERT OR REPLACE INTO ${table} ${columns.values}`);
  return (row) => void save.run(columns.bind(row));
}

/** Prepares a look-up of one row by a key. */
export function prepareOne<Row>(
  db: Database.Database,
  sql: string,
  columns: Columns<Row>,
): (key: string) => Row | undefined {
  const select = db.prepare<[string]>(sql);
  return (key) => {
    const found = select.get(key);
    return found === undefined ? undefined : columns.read(found);
  };
}
