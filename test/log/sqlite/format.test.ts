/**
 * Which programs may touch a log: newer formats are read where they allow it, and never written to.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, everything, write } from '../an-event.ts';
import { openLog, tamper } from './open-for-test.ts';

/** A closed log with one event, as a program of another format would have left it. */
async function logOfFormat(change: string): Promise<string> {
  const directory = tempDir();
  const log = await openLog(directory);
  await appended(log, write('task-1', 'no_stream'));
  await log.close();
  tamper(directory, (db) => void db.exec(`UPDATE log_meta SET ${change}`));
  return directory;
}

describe('a log made by a newer program', () => {
  it('is read, not written to, where it says so; the refusal says which program can', async () => {
    const log = await openLog(await logOfFormat('format = 7, min_writer = 7'));
    expect(await everything(log)).toHaveLength(1);
    await expect(log.append([write('task-1', 0)])).rejects.toMatchObject({
      code: 'log_too_new',
      hint: expect.stringContaining('format 7'),
    });
    expect(await everything(log)).toHaveLength(1);
  });

  it('is not even read where it says so', async () => {
    const directory = await logOfFormat('format = 7, min_reader = 6, min_writer = 7');
    await expect(openLog(directory)).rejects.toMatchObject({
      code: 'log_too_new',
      hint: expect.stringContaining('format 6'),
    });
  });

  it('is written to while it still takes writers of this format', async () => {
    const log = await openLog(await logOfFormat('format = 7'));
    await appended(log, write('task-1', 0));
  });

  it('is noticed by a program that has had it open since before', async () => {
    const directory = tempDir();
    const log = await openLog(directory);
    await appended(log, write('task-1', 'no_stream'));
    tamper(directory, (db) => void db.exec('UPDATE log_meta SET format = 9, min_writer = 9'));
    await expect(log.append([write('task-1', 0)])).rejects.toMatchObject({ code: 'log_too_new' });
  });
});

describe('what is there before a log is opened', () => {
  it('nothing: the log is created, for its owner alone', async () => {
    const directory = join(tempDir(), 'boards', 'mine');
    const log = await openLog(directory);
    await appended(log, write('task-1', 'no_stream'));
    expect(readdirSync(directory).sort()).toEqual(['log.db', 'log.db-shm', 'log.db-wal', 'wake']);
    for (const file of readdirSync(directory)) {
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('nothing, and none may be created: that is said', async () => {
    const directory = join(tempDir(), 'nowhere');
    for (const options of [{ create: false }, { mode: 'read' }] as const) {
      await expect(openLog(directory, options)).rejects.toMatchObject({ code: 'no_log' });
    }
    expect(readdirSync(join(directory, '..'))).toEqual([]);
  });

  it('another database: it is left alone', async () => {
    const directory = join(tempDir(), 'other');
    mkdirSync(directory, { mode: 0o700 });
    const db = new Database(join(directory, 'log.db'));
    db.exec('CREATE TABLE recipes (name)');
    db.close();
    await expect(openLog(directory)).rejects.toMatchObject({ code: 'not_a_log' });
  });

  it('many who create it at the same moment end up with the same log', async () => {
    const directory = join(tempDir(), 'board');
    const logs = await Promise.all(Array.from({ length: 5 }, () => openLog(directory)));
    expect(new Set(logs.map(({ epoch }) => epoch)).size).toBe(1);
  });
});

it('a log opened for reading shows what others append, and takes nothing', async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  const reader = await openLog(directory, { mode: 'read' });
  await appended(log, write('task-1', 'no_stream', 2));
  expect(await everything(reader)).toEqual(await everything(log));
  await expect(reader.append([write('task-1', 1)])).rejects.toMatchObject({
    code: 'log_read_only',
  });
});
