/** Two connections that fold into the same tables, as two processes do. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTables } from '../../projections/fold.ts';
import { openTables, type Page, type Tables } from '../../projections/tables.ts';
import { openDatabase } from '../../src/sqlite/open.ts';
import { comment, onTask, recorded } from '../kit/a-history.ts';
import { created, taskId } from '../kit/a-task.ts';
import { tempDir } from '../kit/temp-dir.ts';

const events = recorded([onTask(created()), comment('One.'), comment('Two.'), comment('Three.')]);

/** The page of events after position `from`, up to `to`. */
function page(from: number, to: number): Page {
  const at = (position: number) => ({ position, epoch: 'epoch-1', hash: `hash-${position}` });
  return { from: at(from), events: events.slice(from, to), to: at(to) };
}

function twoHands(): readonly [Tables, Tables] {
  const path = join(tempDir(), 'tables.db');
  const open = () => {
    const db = openDatabase({ path, durability: 'normal' });
    onTestFinished(() => void db.close());
    return db;
  };
  const first = open();
  createTables(first, 'epoch-1');
  return [openTables(first), openTables(open())];
}

test('each goes on from what the other has written', () => {
  const [one, other] = twoHands();
  expect(one.apply(page(0, 2))).toBe(true);
  expect(other.apply(page(2, 3))).toBe(true);
  expect(one.apply(page(3, 4))).toBe(true);
  expect(one.queries.task(taskId, 0)?.commentCount).toBe(3);
});

test('a page that the other has folded is left alone', () => {
  const [one, other] = twoHands();
  expect(one.apply(page(0, 3))).toBe(true);
  expect(other.apply(page(0, 2))).toBe(false);
  expect(other.apply(page(0, 4))).toBe(false);
  expect(other.checkpoint()).toMatchObject({ position: 3 });
  expect(other.queries.task(taskId, 0)?.commentCount).toBe(2);
});

test('nothing is folded into tables that were replaced', () => {
  const [one, other] = twoHands();
  other.retire();
  expect(one.checkpoint()).toBeUndefined();
  expect(one.apply(page(0, 2))).toBe(false);
  expect(one.queries.task(taskId, 0)).toBeUndefined();
});
