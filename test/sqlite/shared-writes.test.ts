/** Small writes share transactions, and each is answered for itself. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemTimers } from '../../src/host/clock.ts';
import { openDatabase } from '../../src/sqlite/open.ts';
import { createSharedWrites } from '../../src/sqlite/shared-writes.ts';
import { createWriteLock, type WriteLock } from '../../src/sqlite/write-lock.ts';
import { tempDir } from '../kit/temp-dir.ts';

const inNextTurn = systemTimers.immediate;

/** A table that takes each number once; `whileWaiting` is done when the lock is found taken. */
function numbers({ waitMsMax = 1_000, whileWaiting = () => {}, immediate = inNextTurn } = {}) {
  const path = join(tempDir(), 'numbers.db');
  const db = openDatabase({ path, durability: 'normal' });
  const other = openDatabase({ path, durability: 'normal' });
  onTestFinished(() => {
    db.close();
    other.close();
  });
  db.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY)');
  let transactions = 0;
  let nowMs = 0;
  const pause = async (ms: number) => {
    nowMs += ms;
    whileWaiting();
  };
  const lock = createWriteLock(db, { monoMs: () => nowMs, random: () => 0.5, pause });
  const counted: WriteLock = {
    withLock(work, ms) {
      transactions += 1;
      return lock.withLock(work, ms);
    },
  };
  const write = createSharedWrites({ lock: counted, immediate, waitMsMax });
  const insert = db.prepare<[number]>('INSERT INTO numbers VALUES (?)');
  const add = (n: number) => write(() => insert.run(n).lastInsertRowid);
  const all = () => other.prepare('SELECT n FROM numbers').pluck().all();
  return { add, all, other, transactions: () => transactions };
}

it('writes that come together share a transaction, each with its own answer', async () => {
  const { add, all, transactions } = numbers();
  expect(await Promise.all([add(3), add(1), add(2)])).toEqual([3, 1, 2]);
  expect(transactions()).toBe(1);
  expect(all()).toEqual([1, 2, 3]);
});

it('the first in a turn waits for nobody, and those after it share the next turn', async () => {
  const turns: (() => void)[] = [];
  const { add, all, transactions } = numbers({ immediate: (fn) => turns.push(fn) });
  expect(await add(1)).toBe(1);
  const later = [add(2), add(3)];
  await new Promise<void>((resolve) => inNextTurn(resolve));
  expect(all()).toEqual([1]);
  turns.shift()?.();
  expect(await Promise.all(later)).toEqual([2, 3]);
  expect(transactions()).toBe(2);
});

it('one that comes while a transaction waits for somebody else is carried by it', async () => {
  let late: Promise<unknown> | undefined;
  const table = numbers({
    whileWaiting() {
      late = table.add(2);
      table.other.exec('COMMIT');
    },
  });
  table.other.exec('BEGIN IMMEDIATE');
  expect(await table.add(1)).toBe(1);
  expect(await late).toBe(2);
  expect(table.transactions()).toBe(1);
});

it('one that fails takes those of its transaction with it, and none that comes later', async () => {
  const { add, all } = numbers();
  const together = await Promise.allSettled([add(1), add(1), add(2)]);
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(all()).toEqual([]);
  expect(await add(1)).toBe(1);
});

it('all that wait are refused as busy when the lock never comes free', async () => {
  const { add, other } = numbers({ waitMsMax: 50 });
  other.exec('BEGIN IMMEDIATE');
  const busy = { status: 'rejected', reason: expect.objectContaining({ kind: 'busy' }) };
  expect(await Promise.allSettled([add(1), add(2)])).toEqual([busy, busy]);
  other.exec('COMMIT');
  expect(await add(1)).toBe(1);
});
