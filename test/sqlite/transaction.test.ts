/** Writing happens in IMMEDIATE transactions, and waiting for them never stops the event loop. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Waiting } from '../../src/sqlite/attempt.ts';
import { asFault } from '../../src/sqlite/faults.ts';
import { openDatabase } from '../../src/sqlite/open.ts';
import { createTransactions } from '../../src/sqlite/transaction.ts';
import { createWriteLock } from '../../src/sqlite/write-lock.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** Two connections to one database with an empty table `t`. */
function twoConnections(): [Database.Database, Database.Database] {
  const path = join(tempDir(), 'log.db');
  const connect = () => openDatabase({ path, durability: 'full' });
  const [one, two] = [connect(), connect()];
  onTestFinished(() => {
    one.close();
    two.close();
  });
  one.exec('CREATE TABLE t (x)');
  return [one, two];
}

const count = (db: Database.Database) => db.prepare('SELECT count(*) FROM t').pluck().get();
const insert = (db: Database.Database) => db.exec('INSERT INTO t VALUES (1)');

/** Time that passes only while somebody pauses, or when it is told to. */
function fakeWaiting(): Waiting & { readonly pauses: number[]; pass(ms: number): void } {
  const pauses: number[] = [];
  let nowMs = 1_000;
  return {
    pauses,
    monoMs: () => nowMs,
    random: () => 0.5,
    pass(ms) {
      nowMs += ms;
    },
    async pause(ms) {
      pauses.push(ms);
      nowMs += ms;
    },
  };
}

describe('a transaction', () => {
  it('stores what its work did and answers what it returned', () => {
    const [db, other] = twoConnections();
    expect(createTransactions(db).immediate(() => insert(db) && 'done')).toBe('done');
    expect(count(other)).toBe(1);
  });

  it('leaves nothing behind when its work throws', () => {
    const [db] = twoConnections();
    const work = () => {
      insert(db);
      throw new Error('changed my mind');
    };
    expect(() => createTransactions(db).immediate(work)).toThrow('changed my mind');
    expect(count(db)).toBe(0);
    expect(db.inTransaction).toBe(false);
  });

  it('refuses work that returns a promise, and undoes it', () => {
    const [db] = twoConnections();
    const work = async () => insert(db);
    expect(() => createTransactions(db).immediate(work)).toThrow(TypeError);
    expect(count(db)).toBe(0);
  });

  it('does not begin while somebody else writes, and says so at once', () => {
    const [db, other] = twoConnections();
    other.exec('BEGIN IMMEDIATE');
    const transactions = createTransactions(db);
    const never = () => expect.unreachable();
    expect(transactions.attemptImmediate(never)).toEqual({ busy: true });
    expect(() => transactions.immediate(never)).toThrow(expect.objectContaining({ kind: 'busy' }));
    other.exec('COMMIT');
    expect(transactions.attemptImmediate(() => 'free')).toEqual({ busy: false, value: 'free' });
  });

  it('reads what others committed before it began, so that it can write afterwards', () => {
    const [db, other] = twoConnections();
    count(db);
    insert(other);
    const seen = createTransactions(db).immediate(() => {
      const before = count(db);
      insert(db);
      return before;
    });
    expect(seen).toBe(1);
  });
});

describe('the write lock', () => {
  it('is waited for in short pauses until it is free', async () => {
    const [db, other] = twoConnections();
    other.exec('BEGIN IMMEDIATE');
    const waiting = fakeWaiting();
    const freed = {
      ...waiting,
      async pause(ms: number) {
        await waiting.pause(ms);
        if (waiting.pauses.length === 5) {
          other.exec('COMMIT');
        }
      },
    };
    await createWriteLock(db, freed).withLock(() => insert(db), 1_000);
    expect(count(other)).toBe(1);
    expect(waiting.pauses).toHaveLength(5);
    expect(Math.max(...waiting.pauses)).toBeLessThanOrEqual(4);
  });

  it('is waited for no longer than was said, and the work is not done then', async () => {
    const [db, other] = twoConnections();
    other.exec('BEGIN IMMEDIATE');
    const waiting = fakeWaiting();
    const lock = createWriteLock(db, waiting);
    await expect(lock.withLock(() => expect.unreachable(), 50)).rejects.toMatchObject({
      kind: 'busy',
    });
    expect(waiting.monoMs()).toBeGreaterThanOrEqual(1_050);
    expect(waiting.monoMs()).toBeLessThan(1_060);
  });

  it('is never paused for by one who writes alone', async () => {
    const [db] = twoConnections();
    const waiting = fakeWaiting();
    const lock = createWriteLock(db, waiting);
    for (let round = 0; round < 50; round += 1) {
      await lock.withLock(() => insert(db), 1_000);
    }
    expect(waiting.pauses).toEqual([]);
  });

  it('is left to the others by one who knows of them and has not met them for long', async () => {
    const [db, other] = twoConnections();
    const waiting = fakeWaiting();
    const lock = createWriteLock(db, waiting);
    insert(other);
    for (let round = 0; round < 20; round += 1) {
      await lock.withLock(() => insert(db), 1_000);
      waiting.pass(5);
    }
    expect(waiting.pauses).toEqual([]);
    await lock.withLock(() => insert(db), 1_000);
    expect(waiting.pauses).toEqual([16]);
    await lock.withLock(() => insert(db), 1_000);
    expect(waiting.pauses).toEqual([16]);
  });

  it('is slept for longer by one who keeps finding it taken', async () => {
    const [db, other] = twoConnections();
    const waiting = fakeWaiting();
    const freeing = {
      ...waiting,
      async pause(ms: number) {
        await waiting.pause(ms);
        other.exec('COMMIT');
      },
    };
    const lock = createWriteLock(db, freeing);
    for (let round = 0; round < 2; round += 1) {
      other.exec('BEGIN IMMEDIATE');
      await lock.withLock(() => insert(db), 1_000);
    }
    waiting.pass(250);
    other.exec('BEGIN IMMEDIATE');
    await lock.withLock(() => insert(db), 1_000);
    expect(waiting.pauses).toEqual([2, 11, 2]);
  });

  it('is there at once for one who had nothing to write for a while', async () => {
    const [db, other] = twoConnections();
    const waiting = fakeWaiting();
    const lock = createWriteLock(db, waiting);
    for (let round = 0; round < 5; round += 1) {
      insert(other);
      await lock.withLock(() => insert(db), 1_000);
      waiting.pass(40);
    }
    expect(waiting.pauses).toEqual([]);
  });
});

describe('faults', () => {
  it.each([
    ['SQLITE_BUSY', 'busy'],
    ['SQLITE_BUSY_RECOVERY', 'busy'],
    ['SQLITE_PROTOCOL', 'busy'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_IOERR_SHMSIZE', 'full'],
    ['SQLITE_IOERR_FSYNC', 'io'],
    ['SQLITE_CORRUPT_INDEX', 'corrupt'],
    ['SQLITE_NOTADB', 'not_a_database'],
    ['SQLITE_READONLY_DBMOVED', 'read_only'],
    ['SQLITE_CANTOPEN', 'cannot_open'],
    ['SQLITE_NOMEM', 'other'],
  ])('%s is of kind %s', (code, kind) => {
    const error = new Database.SqliteError('something', code);
    expect(asFault(error, 'do something')).toMatchObject({ kind, code, cause: error });
  });

  it('what is not from SQLite stays what it is', () => {
    const error = new TypeError('a mistake');
    expect(asFault(error, 'do something')).toBe(error);
  });
});
