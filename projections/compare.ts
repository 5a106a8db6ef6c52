/** Compares the tables of two databases, row by row and column by column. */
import type Database from 'better-sqlite3';
import { projections } from './index.ts';
import type { Projection } from './projection.ts';

/** A value that is not the same in both. */
export interface Difference {
  readonly table: string;
  /** The key of the row, its parts parted by a space. */
  readonly key: string;
  /** The column, or `*` when one side has no such row; then the value tells which side has it. */
  readonly column: string;
  readonly live: unknown;
  readonly rebuilt: unknown;
}

/** Differing rows reported of one table, at most. */
export const differingRowsMax = 100;

/** The values of a row, in the order of the columns. */
export type TableRow = readonly unknown[];

/** What differs between the tables of a connection and those of the database at `path`. */
export function compareTables(
  live: Database.Database,
  path: string,
  among: readonly Projection[] = projections,
): readonly Difference[] {
  live.prepare('ATTACH ? AS rebuilt').run(path);
  return among.flatMap((projection) => compareTable(live, projection));
}

function compareTable(db: Database.Database, projection: Projection): readonly Difference[] {
  const { table, key } = projection;
  const columns = columnNames(db, table);
  const keyParts = key.split(', ');
  const select = db.prepare<[], unknown[]>(comparisonSql(table, keyParts, columns)).raw();
  return select.all().flatMap((row) => {
    const [hasLive, hasRebuilt, id, ...values] = row;
    const sides = {
      live: hasLive ? values.slice(0, columns.length) : undefined,
      rebuilt: hasRebuilt ? values.slice(columns.length) : undefined,
    };
    return differencesInRow({ table, key: String(id) }, columns, sides);
  });
}

/** What differs between the two sides of a row; a side that has no such row is undefined. */
export function differencesInRow(
  place: Pick<Difference, 'table' | 'key'>,
  columns: readonly string[],
  { live, rebuilt }: Readonly<Record<'live' | 'rebuilt', TableRow | undefined>>,
): readonly Difference[] {
  if (live === undefined || rebuilt === undefined) {
    const has = { live: live !== undefined, rebuilt: rebuilt !== undefined };
    return [{ ...place, column: '*', ...has }];
  }
  return columns
    .map((column, index) => ({ ...place, column, live: live[index], rebuilt: rebuilt[index] }))
    .filter((sides) => sides.live !== sides.rebuilt);
}

/** The columns of a table, in their order. */
export function columnNames(db: Database.Database, table: string): readonly string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}

function comparisonSql(table: string, key: readonly string[], columns: readonly string[]): string {
  const of = (side: string, names: readonly string[]) => names.map((name) => `${side}.${name}`);
  const id = key.map((part) => `coalesce(l.${part}, r.${part})`).join(" || ' ' || ");
  const join = key.map((part) => `l.${part} = r.${part}`).join(' AND ');
  const [left, right] = [of('l', columns).join(', '), of('r', columns).join(', ')];
  return `SELECT l.${key[0]} IS NOT NULL, r.${key[0]} IS NOT NULL, ${id}, ${left}, ${right}
    FROM main.${table} AS l FULL JOIN rebuilt.${table} AS r ON ${join}
    WHERE (${left}) IS NOT (${right}) ORDER BY 3 LIMIT ${differingRowsMax}`;
}
