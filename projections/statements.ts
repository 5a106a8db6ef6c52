/** SQL whose conditions vary from call to call: put together from constant parts, prepared once. */
import type Database from 'better-sqlite3';

/** What a statement is bound to, by name. */
export type Bindings = Readonly<Record<string, string | number | null>>;

/** Prepares a statement the first time it is asked for, and answers the same one from then on. */
export type Statements = (sql: string) => Database.Statement<[Bindings]>;

/** The statements of one connection. */
export function createStatements(db: Database.Database): Statements {
  const prepared = new Map<string, Database.Statement<[Bindings]>>();
  return (sql) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = db.prepare<[Bindings]>(sql);
    prepared.set(sql, statement);
    return statement;
  };
}

/** `WHERE` over those conditions that apply: a condition of false or undefined does not. */
export function where(conditions: readonly (string | false | undefined)[]): string {
  const applying = conditions.filter((condition) => typeof condition === 'string');
  return applying.length === 0 ? '' : `WHERE ${applying.join(' AND ')}`;
}
