/**
 * Specifications of projections: given these events, when that happens, then the tables say so.
 *
 * Two habits are built in. What happens is folded twice, and the second time must change nothing.
 * And the whole history is folded again one event at a time, and must come out the same.
 */
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { createTables } from '../../projections/fold.ts';
import { projections } from '../../projections/index.ts';
import type { Queries } from '../../projections/queries.ts';
import { openTables, type Tables } from '../../projections/tables.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import { type Line, recorded } from './a-history.ts';

/** Rows by table, each with the columns that matter; JSON columns as text. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** What the tables are expected to hold. */
export interface Folded {
  /** Of each table named, these rows and no others, in the order of the table's key. */
  then(rows: Rows): Queries;
  /** The event cannot be folded, for a reason that contains these words. */
  thenStopped(reason: string): void;
}

/** Tells what a table holds after a history. */
export function given(...before: readonly Line[]): { when(...lines: readonly Line[]): Folded } {
  return {
    when(...lines) {
      const all = recorded([...before, ...lines]);
      const first = all.slice(0, before.length);
      const then = all.slice(before.length);
      return {
        // biome-ignore lint/suspicious/noThenProperty: it reads as a sentence, and nobody awaits it
        then: (rows) => expectRows(first, then, rows),
        thenStopped: (reason) => expectStop(first, then, reason),
      };
    },
  };
}

/** The questions about a history. */
export function questionsAbout(...lines: readonly Line[]): Queries {
  return given()
    .when(...lines)
    .then({});
}

/** All rows of all tables, in the order of their keys. */
export function dump(db: Database.Database): Record<string, unknown[]> {
  const tables = projections.map(({ table, key }) => {
    return [table, db.prepare(`SELECT * FROM ${table} ORDER BY ${key}`).all()] as const;
  });
  return Object.fromEntries(tables);
}

const epoch = 'epoch-1';

function expectRows(before: readonly Recorded[], events: readonly Recorded[], rows: Rows): Queries {
  const { db, tables } = emptyTables();
  fold(tables, before);
  fold(tables, events);
  const found = dump(db);
  for (const [table, expected] of Object.entries(rows)) {
    expect(found[table], table).toMatchObject(expected);
  }
  expect(fold(tables, events), 'folded twice').toBe(false);
  expect(dump(db), 'folded twice').toEqual(found);
  expect(foldOneByOne([...before, ...events]), 'folded one by one').toEqual(found);
  return tables.queries;
}

function expectStop(
  before: readonly Recorded[],
  events: readonly Recorded[],
  reason: string,
): void {
  const { db, tables } = emptyTables();
  fold(tables, before);
  const found = dump(db);
  expect(() => fold(tables, events)).toThrow(reason);
  expect(dump(db)).toEqual(found);
  expect(tables.checkpoint()?.position).toBe(before.length);
}

function foldOneByOne(events: readonly Recorded[]): Record<string, unknown[]> {
  const { db, tables } = emptyTables();
  for (const event of events) fold(tables, [event]);
  return dump(db);
}

/** Folds a page; false when there was nothing to fold. */
function fold(tables: Tables, events: readonly Recorded[]): boolean {
  const [first, last] = [events.at(0), events.at(-1)];
  if (first === undefined || last === undefined) return false;
  const at = (position: number) => ({ position, epoch, hash: `hash-${position}` });
  return tables.apply({ from: at(first.position - 1), events, to: at(last.position) });
}

function emptyTables(): { db: Database.Database; tables: Tables } {
  const db = new Database(':memory:');
  createTables(db, epoch);
  return { db, tables: openTables(db) };
}
