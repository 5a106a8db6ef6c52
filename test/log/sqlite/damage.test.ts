/** Whatever is changed in a stored log is found, named, and never written on top of. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createEventHasher } from '../../../src/log/sqlite/hash-chain.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, write } from '../an-event.ts';
import { openLog, tamper } from './open-for-test.ts';

/** A closed log of `count` events in streams of five. */
async function storedLog(count: number): Promise<string> {
  const directory = tempDir();
  const log = await openLog(directory);
  for (let stream = 0; stream < count / 5; stream += 1) {
    await appended(log, write(`task-${stream}`, 'no_stream', 5));
  }
  await log.close();
  return directory;
}

/** One small change to the event at position 7 for every column. */
const changes: readonly [column: string, sql: string][] = [
  ['position', 'UPDATE events SET position = 700 WHERE position = 7'],
  ['stream', "UPDATE events SET stream = 'task-x' WHERE position = 7"],
  ['version', 'UPDATE events SET version = 9 WHERE position = 7'],
  ['id', "UPDATE events SET id = 'f' || substr(id, 2) || 'x' WHERE position = 7"],
  ['type', "UPDATE events SET type = 'SomethingHappenef' WHERE position = 7"],
  ['schema_version', 'UPDATE events SET schema_version = 2 WHERE position = 7'],
  ['data', "UPDATE events SET data = data || ' ' WHERE position = 7"],
  ['meta', "UPDATE events SET meta = replace(meta, 'somebody', 'somebodz') WHERE position = 7"],
  ['recorded_at', 'UPDATE events SET recorded_at = recorded_at + 1 WHERE position = 7'],
  ['recorded_at', 'UPDATE events SET recorded_at = -32351 WHERE position = 7'],
  ['prev_hash', 'UPDATE events SET prev_hash = zeroblob(32) WHERE position = 7'],
  ['hash', 'UPDATE events SET hash = zeroblob(32) WHERE position = 7'],
];

describe('an event that was changed', () => {
  it.each(changes)('in its %s is found at its position', async (_, sql) => {
    const directory = await storedLog(20);
    tamper(directory, (db) => void db.exec(sql));
    const log = await openLog(directory);
    expect((await log.verifyChain()).problem).toMatchObject({ position: 7 });
  });

  it('stops appends when the log is opened, and reading where it stands', async () => {
    const directory = await storedLog(20);
    tamper(directory, (db) => void db.exec(changes[6]![1]));
    const log = await openLog(directory);
    await expect(log.append([write('task-9', 'any')])).rejects.toMatchObject({
      code: 'log_damaged',
      position: 7,
    });
    expect(await log.readAll()).toHaveLength(6);
    await expect(log.readAll({ after: 6 })).rejects.toMatchObject({ code: 'log_damaged' });
    expect(await log.readStream('task-0')).toHaveLength(5);
    await expect(log.readStream('task-1')).rejects.toMatchObject({ position: 7 });
    expect(await log.readStream('task-1', { limit: 1 })).toHaveLength(1);
  });

  it('far from the end is found by a verification, which then stops appends', async () => {
    const directory = await storedLog(1_000);
    tamper(directory, (db) => void db.exec(changes[6]![1]));
    const log = await openLog(directory);
    await appended(log, write('task-new', 'no_stream'));
    const progress: number[] = [];
    const { problem, head } = await log.verifyChain({
      onProgress: ({ done }) => progress.push(done),
    });
    expect(problem).toMatchObject({ kind: 'hash_differs', position: 7 });
    expect(head.position).toBe(6);
    expect(progress.at(-1)).toBe(6);
    await expect(log.append([write('task-new', 0)])).rejects.toMatchObject({ position: 7 });
  });
});

describe('an event that is missing', () => {
  it.each([
    ['from the middle', 'DELETE FROM events WHERE position = 7', 'events_missing', 7],
    ['from the beginning', 'DELETE FROM events WHERE position = 1', 'events_missing', 1],
    ['from the end', 'DELETE FROM events WHERE position > 18', 'end_missing', 19],
    ['with all others', 'DELETE FROM events', 'end_missing', 1],
  ])('%s is found', async (_, sql, kind, position) => {
    const directory = await storedLog(20);
    tamper(directory, (db) => void db.exec(sql));
    const log = await openLog(directory);
    expect((await log.verifyChain()).problem).toMatchObject({ kind, position });
    await expect(log.append([write('task-9', 'any')])).rejects.toMatchObject({
      code: 'log_damaged',
    });
  });

  it('from the end of a log in use is noticed by the next append', async () => {
    const directory = await storedLog(20);
    const log = await openLog(directory);
    tamper(directory, (db) => void db.exec('DELETE FROM events WHERE position > 18'));
    await expect(log.append([write('task-9', 'any')])).rejects.toMatchObject({ position: 19 });
  });

  it('cannot be hidden by forgetting that it was there', async () => {
    const directory = await storedLog(20);
    tamper(directory, (db) => void db.exec('DELETE FROM sqlite_sequence'));
    await expect(appendAnyway(directory)).rejects.toMatchObject({ code: 'log_damaged' });
  });

  it('from its stream is found even where the chain was made to fit', async () => {
    const directory = await storedLog(20);
    const log = await openLog(directory);
    const last = (await log.readAll({ after: 19 }))[0]!;
    const previous = Buffer.from((await log.hashAt(19))!, 'hex');
    await log.close();
    const hash = createEventHasher()(previous, { ...last, version: 9 }, last);
    tamper(directory, (db) => {
      db.prepare('UPDATE events SET version = 9, hash = ? WHERE position = 20').run(hash);
    });
    const again = await openLog(directory);
    expect((await again.verifyChain()).problem).toMatchObject({
      kind: 'version_gap',
      position: 20,
    });
  });
});

it('a page that leads to the wrong events is found, and not followed', async () => {
  const directory = await storedLog(1_000);
  const path = join(directory, 'log.db');
  const bytes = readFileSync(path);
  // The second page leads to all others that hold events: each cell says up to which position.
  const page = 4096;
  const firstCell = page + bytes.readUInt16BE(page + 12);
  const lastOfFirstPage = bytes[firstCell + 4]!;
  bytes[firstCell + 4] = lastOfFirstPage + 3;
  writeFileSync(path, bytes);
  const log = await openLog(directory);
  expect(await log.readAll({ limit: 100 })).toHaveLength(100);
  // SQLite begins to look in the first page, where nothing is left, and goes on to the second.
  const next = log.readAll({ after: lastOfFirstPage + 1 });
  await expect(next).rejects.toMatchObject({ code: 'log_damaged', position: lastOfFirstPage + 2 });
  expect((await log.verifyChain()).problem).toMatchObject({
    kind: 'not_found',
    position: lastOfFirstPage + 1,
  });
});

it('a log that is well verifies from any position on', async () => {
  const log = await openLog(await storedLog(20));
  const head = await log.head();
  for (const from of [1, 2, 7, 20, 21]) {
    expect(await log.verifyChain({ from })).toEqual({ problem: undefined, head });
  }
});

it('the past cannot be changed by mistake', async () => {
  const directory = await storedLog(5);
  const db = new Database(join(directory, 'log.db'));
  expect(() => db.exec("UPDATE events SET data = ''")).toThrow('events are never updated');
  expect(() => db.exec('DELETE FROM events')).toThrow('events are never deleted');
  db.close();
});

describe('a file that is no log any more', () => {
  it('because other bytes are in it is named, and left alone', async () => {
    const directory = await storedLog(5);
    const path = join(directory, 'log.db');
    writeFileSync(path, 'not a database'.repeat(1_000));
    const before = readFileSync(path);
    await expect(openLog(directory)).rejects.toMatchObject({
      code: 'log_damaged',
      hint: expect.stringContaining('logboard restore <backup>'),
    });
    expect(readFileSync(path)).toEqual(before);
  });

  it('because it was emptied is not taken for a new one', async () => {
    const directory = await storedLog(5);
    truncateSync(join(directory, 'log.db'), 0);
    await expect(openLog(directory)).rejects.toMatchObject({ code: 'log_damaged' });
  });

  it('because its end was cut off takes no appends', async () => {
    const directory = await storedLog(1_000);
    truncateSync(join(directory, 'log.db'), 8 * 4096);
    await expect(appendAnyway(directory)).rejects.toMatchObject({ code: 'log_damaged' });
  });
});

async function appendAnyway(directory: string): Promise<void> {
  const log = await openLog(directory);
  await log.append([write('task-9', 'any')]);
}
