/** Tables and log: when they belong together, and what happens when they do not. */
import { existsSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTableFiles, shapesHash } from '../../projections/file.ts';
import { openProjections, type Projections } from '../../projections/run.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { append, onTask } from '../kit/a-history.ts';
import { blocked, created, taskId } from '../kit/a-task.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { tempDir } from '../kit/temp-dir.ts';

const timers = createFakeClock();
const first = onTask(created());
const second = onTask(created(), 'T-0000000002');
const third = onTask(blocked);

function memoryLog(epoch = 'epoch-1'): EventLog {
  return createMemoryLog({ clock: { nowMs: () => 0 }, epoch });
}

async function open(log: EventLog, path: string, more = {}): Promise<Projections> {
  const projections = await openProjections({ log, timers, path, ...more });
  onTestFinished(() => projections.close());
  return projections;
}

/** Opens, catches up and closes; answers why the tables were rebuilt, if they were. */
async function visit(log: EventLog, path: string): Promise<string[]> {
  const reasons: string[] = [];
  const onRebuild = (why: string) => reasons.push(why);
  const projections = await openProjections({ log, timers, path, onRebuild });
  await projections.catchUp();
  expect(projections.queries.brokenInvariants()).toEqual([]);
  projections.close();
  return reasons;
}

describe('tables that the log confirms', () => {
  test('are opened as they are', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    await append(log, [first]);
    await visit(log, path);
    await append(log, [second]);
    expect(await visit(log, path)).toEqual([]);
  });

  test('say how far they have come, in which log, and at which event', async () => {
    const log = memoryLog();
    const projections = await open(log, ':memory:');
    expect(projections.checkpoint()).toEqual({ position: 0, epoch: 'epoch-1', hash: '' });
    await append(log, [first, second]);
    expect(await projections.catchUp()).toBe(2);
    const { hash } = await log.head();
    expect(projections.checkpoint()).toEqual({ position: 2, epoch: 'epoch-1', hash });
  });
});

test('who was slower goes on from where the other has come', async () => {
  const [log, path] = [memoryLog(), tempDir()];
  const other = await open(atItsFirstEvent(log), path, { pageSize: 1 });
  const onSlowDisk: EventLog = {
    ...log,
    async readAll(options) {
      const page = await log.readAll(options);
      await other.catchUp();
      return page;
    },
  };
  const slower = await open(onSlowDisk, path);
  await append(log, [first, second, third]);
  expect(await slower.catchUp()).toBe(3);
  expect(slower.checkpoint().position).toBe(3);
  expect(other.checkpoint().position).toBe(3);
});

/** The log as it was after its first event. */
function atItsFirstEvent(log: EventLog): EventLog {
  return { ...log, head: async () => ({ position: 1, hash: (await log.hashAt(1)) ?? '' }) };
}

describe('tables are rebuilt, with a reason', () => {
  test('when they are the first of their version over a log with events', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    expect(await visit(log, path)).toEqual([]);
    const other = memoryLog('epoch-2');
    await append(other, [first]);
    expect(await visit(other, tempDir())).toEqual(['there are none of this version']);
  });

  test('when the log was restored from a copy and has a new epoch', async () => {
    const path = tempDir();
    const log = memoryLog();
    await append(log, [first, second]);
    await visit(log, path);
    const restored = memoryLog('epoch-2');
    await append(restored, [first]);
    expect(await visit(restored, path)).toEqual(['they were made from another history of the log']);
    const projections = await open(restored, path);
    expect(projections.queries.countTasks({}, 0)).toBe(1);
  });

  test('when they are ahead of the log', async () => {
    const path = tempDir();
    const log = memoryLog();
    await append(log, [first, second]);
    await visit(log, path);
    const shorter = memoryLog();
    await append(shorter, [first]);
    expect(await visit(shorter, path)).toEqual(['they are at position 2, and the log ends at 1']);
  });

  test('when the log has another event where they stand', async () => {
    const path = tempDir();
    const log = memoryLog();
    await append(log, [first]);
    await visit(log, path);
    const other = memoryLog();
    await append(other, [first]);
    expect(await visit(other, path)).toEqual([
      'the log has another event at position 1 than they have',
    ]);
  });

  test('when they are damaged', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    await append(log, [first]);
    await visit(log, path);
    writeFileSync(createTableFiles(path).current() ?? '', 'x'.repeat(8_192));
    expect(await visit(log, path)).toEqual(['they are damaged']);
  });

  test('when they lack a table', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    await append(log, [first]);
    await visit(log, path);
    writeFileSync(createTableFiles(path).current() ?? '', '');
    expect(await visit(log, path)).toEqual(['they are damaged']);
  });
});

describe('the files', () => {
  const name = `projections-${shapesHash()}`;
  const ours = [`${name}.8.db`, `${name}.db`, 'projections.lock'];

  /** Tables of another version, with their link, last written to so many hours ago. */
  function tablesOfOthers(path: string, hoursAgo: number): readonly string[] {
    const files = ['projections-0123abcd.7.db', 'projections-0123abcd.db'] as const;
    const [database, link] = files;
    writeFileSync(join(path, database), '');
    symlinkSync(database, join(path, link));
    const atSeconds = Date.now() / 1_000 - hoursAgo * 3_600;
    utimesSync(join(path, database), atSeconds, atSeconds);
    return files;
  }

  test('carry the shapes in their name, count up, and leave others theirs', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    const theirs = tablesOfOthers(path, 23);
    await visit(log, path);
    expect(readdirSync(path).sort()).toEqual([...theirs, ...ours].sort());
  });

  test('take the place of those that no other version has kept up for a day', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    tablesOfOthers(path, 25);
    await visit(log, path);
    expect(readdirSync(path).sort()).toEqual(ours);
  });

  test('of others are kept up as long as their write-ahead log grows', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    const theirs = tablesOfOthers(path, 25);
    writeFileSync(join(path, `${theirs[0]}-wal`), '');
    await visit(log, path);
    expect(readdirSync(path)).toEqual(expect.arrayContaining([...theirs]));
  });

  test('are never those of an older build under a new content', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    await visit(log, path);
    const old = createTableFiles(path).current();
    await visit(memoryLog('epoch-2'), path);
    expect(createTableFiles(path).current()).not.toBe(old);
    expect(existsSync(old ?? '')).toBe(false);
  });
});

describe('a reader that may not write', () => {
  test('sees what others have folded, and folds nothing', async () => {
    const [log, path] = [memoryLog(), tempDir()];
    await append(log, [first]);
    const writer = await open(log, path);
    const reader = await open(log, path, { readonly: true });
    await append(log, [second]);
    expect(await reader.catchUp()).toBe(1);
    await writer.catchUp();
    expect(await reader.catchUp()).toBe(2);
    expect(reader.queries.countTasks({}, 0)).toBe(2);
  });

  test('is told when there is nothing it could read', async () => {
    const opening = open(memoryLog(), tempDir(), { readonly: true });
    await expect(opening).rejects.toThrow('There are no tables to read');
  });
});

describe('catching up', () => {
  test('several times at once reads every event once', async () => {
    const log = memoryLog();
    const projections = await open(log, ':memory:', { pageSize: 1 });
    await append(log, [first, second, third]);
    const all = [projections.catchUp(), projections.catchUp(), projections.catchUp()];
    expect(await Promise.all(all)).toEqual([3, 3, 3]);
    expect(projections.queries.task(taskId, 0)?.status).toBe('blocked');
  });

  test('includes what was appended before the call, though an older run is under way', async () => {
    const log = memoryLog();
    const projections = await open(log, ':memory:');
    const early = projections.catchUp();
    await append(log, [first]);
    const late = projections.catchUp();
    await early;
    expect(await late).toBe(1);
  });

  test('can be waited for by position', async () => {
    const log = memoryLog();
    const projections = await open(log, ':memory:');
    const position = await append(log, [first, second]);
    await projections.waitFor(position);
    expect(projections.checkpoint().position).toBe(2);
  });

  test('waits for an event that is yet to arrive', async () => {
    const log = memoryLog();
    const projections = await open(log, ':memory:');
    const waiting = projections.waitFor(1);
    await timers.advance(50);
    await append(log, [first]);
    await timers.advance(50);
    await waiting;
    expect(projections.queries.task(taskId, 0)?.status).toBe('ready');
  });

  test('ends with a fault once the tables are closed', async () => {
    const log = memoryLog();
    const projections = await open(log, ':memory:');
    projections.close();
    await expect(projections.catchUp()).rejects.toMatchObject({ code: 'log_closed' });
    const waiting = projections.waitFor(1);
    await expect(waiting).rejects.toMatchObject({ code: 'log_closed' });
  });
});
