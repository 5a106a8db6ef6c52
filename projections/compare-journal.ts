/**
 * Compares the rows of a journal with those of its table while they are made. A journal is as long
 * as the log: to write it a second time, only to compare it, takes longer than all the rest.
 */
import type Database from 'better-sqlite3';
import { type Difference, differencesInRow, differingRowsMax, type TableRow } from './compare.ts';
import { projections } from './index.ts';
import type { Folding, Journal, Projection } from './projection.ts';

/** A comparison that is made event by event. */
export interface JournalComparison {
  /** Takes the events, in their order. */
  readonly folding: Folding;
  /** What differs, to be asked once the last event was folded. */
  finish(): readonly Difference[];
}

/** Rows compared at once: few, so that their garbage is cheap. */
const rowsAtOnce = 1_000;

/** Begins to compare what events say with the journals of a connection, by their projections. */
export function compareJournals(
  live: Database.Database,
): ReadonlyMap<Projection, JournalComparison> {
  const journals = projections.filter((each) => each.journal !== undefined);
  return new Map(journals.map((each) => [each, compareJournal(live, each, each.journal!)]));
}

function compareJournal(
  live: Database.Database,
  { table, key }: Projection,
  journal: Journal,
): JournalComparison {
  const { columns } = journal;
  const between = live
    .prepare<[after: number, upTo: number], TableRow>(
      `SELECT ${columns.join(', ')} FROM ${table}
       WHERE position > ? AND position <= ? ORDER BY ${key}`,
    )
    .raw();
  const keyAt = key.split(', ').map((part) => columns.indexOf(part));
  const keyOf = (row: TableRow) => keyAt.map((index) => row[index]).join(' ');
  const positionOf = (row: TableRow) => row[columns.indexOf('position')] as number;
  const own = journal.open((row) => made.push(row));
  const differing: (readonly Difference[])[] = [];
  let made: TableRow[] = [];
  let compared = Number.MIN_SAFE_INTEGER;

  function fold(step: Parameters<Folding['fold']>[0]): void {
    // Between two events: an event's rows stay together.
    const last = made.at(-1);
    if (last !== undefined && made.length >= rowsAtOnce) compareUpTo(positionOf(last));
    own.fold(step);
  }

  function compareUpTo(position: number): void {
    const found = between.all(compared, position);
    if (!areSame(found, made)) compareByKey(found);
    compared = position;
    made = [];
  }

  function compareByKey(found: readonly TableRow[]): void {
    const inTable = new Map(found.map((row) => [keyOf(row), row]));
    const inLog = new Map(made.map((row) => [keyOf(row), row]));
    const all = new Map([...inLog, ...inTable]);
    const inOrder = [...all].sort(([, one], [, other]) => positionOf(one) - positionOf(other));
    for (const [key] of inOrder) {
      if (differing.length === differingRowsMax) return;
      const sides = { live: inTable.get(key), rebuilt: inLog.get(key) };
      const differences = differencesInRow({ table, key }, columns, sides);
      if (differences.length > 0) differing.push(differences);
    }
  }

  function finish(): readonly Difference[] {
    compareUpTo(Number.MAX_SAFE_INTEGER);
    return differing.flat();
  }

  return { folding: { fold }, finish };
}

/** Loops that name their numbers: this looks at every value of a table. */
function areSame(these: readonly TableRow[], those: readonly TableRow[]): boolean {
  if (these.length !== those.length) return false;
  for (let row = 0; row < these.length; row += 1) {
    if (!isSame(these[row]!, those[row]!)) return false;
  }
  return true;
}

function isSame(one: TableRow, other: TableRow): boolean {
  for (let column = 0; column < one.length; column += 1) {
    if (one[column] !== other[column]) return false;
  }
  return true;
}
