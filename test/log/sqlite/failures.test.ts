/**
 * Disks fill up and break: what was promised stays, and nothing is promised that may not be kept.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../../src/sqlite/open.ts';
import { openDatabase } from '../../../src/sqlite/open.ts';
import { bundleChild } from '../../kit/child.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, appended, everything, write } from '../an-event.ts';
import { openLog } from './open-for-test.ts';

describe('a disk that is full', () => {
  it('refuses appends, stores half of none, and takes them again once there is space', async () => {
    const directory = tempDir();
    const { log, db } = await openWithConnection(directory);
    await appended(log, write('task-1', 'no_stream'));
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    const large = {
      stream: 'task-2',
      expected: 'no_stream',
      events: [anEvent(), anEvent({ data: JSON.stringify('x'.repeat(50_000)) })],
    } as const;
    const beside = write('task-3', 'no_stream');
    for (const result of await Promise.allSettled([log.append([large]), log.append([beside])])) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'disk_full', retryable: true, outcomeUnknown: false },
      });
    }
    expect(await everything(log)).toHaveLength(1);
    db.pragma('max_page_count = 1000000');
    expect(await log.append([large])).toMatchObject({ ok: true, repeated: false });
    expect(await log.append([beside])).toMatchObject({ ok: true, repeated: false });
    expect((await log.verifyChain()).problem).toBeUndefined();
  });
});

describe('an I/O error', () => {
  it('stops the process from promising anything more; what it had promised is there', async () => {
    const directory = tempDir();
    const entry = fileURLToPath(new URL('../children/limited-writer.ts', import.meta.url));
    // Files end at 200 blocks of 512 bytes: writing beyond is an error, not a full disk.
    const script = 'ulimit -f 200; exec "$0" "$@"';
    const program = await bundleChild(entry);
    const args = ['-c', script, process.execPath, program, directory];
    const { stdout } = await promisify(execFile)('/bin/sh', args);
    const { promised, failures } = JSON.parse(stdout);
    expect(failures).toMatchObject([
      { code: 'log_stopped', retryable: false, message: expect.stringContaining('SQLITE_IOERR') },
      { code: 'log_stopped', retryable: false },
    ]);
    expect(promised.length).toBeGreaterThan(0);
    const log = await openLog(directory);
    const stored = (await everything(log)).map(({ id }) => id);
    expect(stored).toEqual(expect.arrayContaining(promised));
    await appended(log, write('task-1', stored.length - 1));
  });

  it('in a commit leaves its outcome unknown, and refuses all who wait', async () => {
    const { log, failCommits } = await openWithFailingCommits(tempDir());
    await appended(log, write('task-1', 'no_stream'));
    failCommits('SQLITE_IOERR_FSYNC', { stored: false });
    await expect(log.append([write('task-1', 0)])).rejects.toMatchObject({
      code: 'log_stopped',
      outcomeUnknown: true,
    });
    failCommits(undefined);
    await expect(log.append([write('task-1', 0)])).rejects.toMatchObject({
      code: 'log_stopped',
      outcomeUnknown: false,
    });
    expect(await everything(log)).toHaveLength(1);
  });
});

describe('a commit that fails in an unclear way', () => {
  it.each([true, false])('is resolved by repeating it, stored: %s', async (stored) => {
    const { log, failCommits } = await openWithFailingCommits(tempDir());
    const writes = [write('task-1', 'no_stream', 2), write('task-2', 'no_stream')];
    failCommits('SQLITE_NOMEM', { stored });
    await expect(log.append(writes)).rejects.toMatchObject({
      outcomeUnknown: true,
      retryable: true,
    });
    failCommits(undefined);
    expect(await log.append(writes)).toMatchObject({ ok: true, repeated: stored });
    expect(await everything(log)).toHaveLength(3);
  });
});

it('a repeat is as durable as a first append, whose writer may have died', async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  const first = write('task-1', 'no_stream');
  await appended(log, first);
  const watcher = openDatabase({ path: `${directory}/log.db`, durability: 'full', access: 'read' });
  const written = () => watcher.pragma('data_version', { simple: true });
  const before = written();
  await log.append([write('task-1', 'no_stream')]);
  expect(written()).toBe(before);
  await log.append([first]);
  expect(written()).not.toBe(before);
  watcher.close();
});

it('an append that waits too long for other processes is refused as busy, then taken', async () => {
  const directory = tempDir();
  let nowMs = 0;
  const clock = { nowMs: () => Date.now(), monoMs: () => nowMs };
  const log = await openLog(directory, {}, { clock });
  const other = new Database(`${directory}/log.db`);
  other.exec('BEGIN IMMEDIATE');
  const pending = log.append([write('task-1', 'no_stream')]);
  nowMs += 60_000;
  await expect(pending).rejects.toMatchObject({
    code: 'log_busy',
    retryable: true,
    outcomeUnknown: false,
  });
  other.exec('COMMIT');
  other.close();
  await appended(log, write('task-1', 'no_stream'));
});

/** A log and the connection it works with. */
async function openWithConnection(directory: string) {
  const connections: Database.Database[] = [];
  const open = (request: OpenRequest) => {
    const db = openDatabase(request);
    connections.push(db);
    return db;
  };
  const log = await openLog(directory, {}, { openDatabase: open });
  return { log, db: connections[0]! };
}

/** A log whose commits can be made to fail, before or after they have stored what they carry. */
async function openWithFailingCommits(directory: string) {
  let code: string | undefined;
  let isStored = false;
  const open = (request: OpenRequest) => {
    const db = openDatabase(request);
    const prepare = db.prepare.bind(db);
    return Object.assign(db, {
      prepare(sql: string) {
        const statement = prepare(sql);
        const run = statement.run.bind(statement);
        return sql === 'COMMIT' ? Object.assign(statement, { run: () => commit(run) }) : statement;
      },
    });
  };
  function commit(run: () => Database.RunResult): Database.RunResult {
    if (code === undefined) {
      return run();
    }
    if (isStored) {
      run();
    }
    throw new Database.SqliteError('the commit failed', code);
  }
  const log = await openLog(directory, {}, { openDatabase: open });
  return {
    log,
    failCommits(failure: string | undefined, { stored } = { stored: false }) {
      code = failure;
      isStored = stored;
    },
  };
}
