/** Tables made anew while the old ones serve: the swap, and whether both would be the same. */
import { existsSync, readdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTableFiles } from '../../projections/file.ts';
import { createTables } from '../../projections/fold.ts';
import { rebuild, verify } from '../../projections/rebuild.ts';
import { openProjections, type Projections } from '../../projections/run.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { append, comment, onRun, onTask } from '../kit/a-history.ts';
import { endings, opened } from '../kit/a-run.ts';
import { blocked, claimed, completed, created, taskId } from '../kit/a-task.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from '../log/real-ports.ts';

const { timers } = realPorts;
const history = [
  ...[onTask(created({ assignee: 'painter' })), onTask(claimed()), onRun(opened())],
  ...[onRun(endings.RunCompleted), onTask(completed), comment('Well done.')],
];

interface Scene {
  readonly log: EventLog;
  readonly path: string;
  readonly live: Projections;
}

async function aScene(): Promise<Scene> {
  const log = createMemoryLog({ clock: { nowMs: () => 0 }, epoch: 'epoch-1' });
  const path = tempDir();
  const live = await openProjections({ log, timers, path });
  onTestFinished(() => live.close());
  await append(log, history);
  await live.catchUp();
  return { log, path, live };
}

/** Changes the live tables behind the back of whoever keeps them. */
function meddle(path: string, sql: string): void {
  const db = new Database(createTableFiles(path).current() ?? '');
  db.exec(sql);
  db.close();
}

describe('a rebuild', () => {
  test('puts new tables in the place of the old, and who reads moves to them', async () => {
    const { log, path, live } = await aScene();
    const old = createTableFiles(path).current() ?? '';
    meddle(path, `UPDATE tasks SET title = 'Sink the hull'`);
    const steps: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      steps.push(done / total);

    expect(await rebuild({ log, timers, path, onProgress })).toBe(6);
    expect(steps.at(-1)).toBe(1);
    expect(existsSync(old)).toBe(false);
    expect(live.queries.task(taskId, 0)?.title).toBe('Sink the hull');
    await live.catchUp();
    expect(live.queries.task(taskId, 0)?.title).toBe('Paint the hull');
  });

  test('makes the same shapes as a new board has, every index among them', async () => {
    const { log, path } = await aScene();
    await rebuild({ log, timers, path });
    const rebuilt = new Database(createTableFiles(path).current() ?? '', { readonly: true });
    const fresh = new Database(':memory:');
    createTables(fresh, 'epoch-1');
    const shapesOf = (db: Database.Database) =>
      db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
    expect(shapesOf(rebuilt)).toEqual(shapesOf(fresh));
    rebuilt.close();
    fresh.close();
  });

  test('writes each page once, and hands over what many can read and one can write', async () => {
    const { log, path } = await aScene();
    const building: string[] = [];
    await rebuild({ log, timers, path, onProgress: () => building.push(...readdirSync(path)) });
    expect(building).toContain('projections.lock');
    expect(building.filter((file) => /\.2\.db-/.test(file))).toEqual([]);
    const rebuilt = new Database(createTableFiles(path).current() ?? '', { readonly: true });
    expect(rebuilt.pragma('journal_mode', { simple: true })).toBe('wal');
    rebuilt.close();
  });

  test('leaves those who keep the tables able to go on', async () => {
    const { log, path, live } = await aScene();
    await rebuild({ log, timers, path });
    await append(log, [onTask({ type: 'TaskReopened', data: {} }), onTask(blocked)]);
    expect(await live.catchUp()).toBe(8);
    expect(live.queries.task(taskId, 0)?.status).toBe('blocked');
    const other = await openProjections({ log, timers, path });
    onTestFinished(() => other.close());
    expect(other.checkpoint()).toEqual(live.checkpoint());
  });

  test('can follow another, many times', async () => {
    const { log, path, live } = await aScene();
    for (let times = 0; times < 3; times += 1) await rebuild({ log, timers, path });
    expect(await live.catchUp()).toBe(6);
    expect(readdirSync(path).filter((file) => file.endsWith('.db'))).toHaveLength(2);
  });

  test('that another is in the middle of does not lose its file', async () => {
    const { log, path, live } = await aScene();
    const both = [rebuild({ log, timers, path }), rebuild({ log, timers, path })];
    expect(await Promise.all(both)).toEqual([6, 6]);
    expect(await live.catchUp()).toBe(6);
    expect(live.queries.task(taskId, 0)?.status).toBe('done');
  });
});

describe('a comparison', () => {
  test('of sound tables finds nothing and leaves nothing behind', async () => {
    const { log, path } = await aScene();
    const files = readdirSync(path).sort();
    expect(await verify({ log, timers, path })).toEqual({
      ...{ position: 6, objection: null, differences: [] },
    });
    expect(readdirSync(path).sort()).toEqual(files);
  });

  test('compares at the position the tables have reached', async () => {
    const { log, path } = await aScene();
    await append(log, [onTask({ type: 'TaskReopened', data: {} })]);
    expect(await verify({ log, timers, path })).toMatchObject({ position: 6, differences: [] });
  });

  test('does not see what is written while it compares', async () => {
    const { log, path } = await aScene();
    const onProgress = () => meddle(path, `UPDATE tasks SET title = 'Sink the hull'`);
    expect(await verify({ log, timers, path, onProgress })).toMatchObject({ differences: [] });
    expect((await verify({ log, timers, path })).differences).toHaveLength(1);
  });

  test('names every value that is not what the log says', async () => {
    const { log, path } = await aScene();
    meddle(
      path,
      `UPDATE tasks SET title = 'Sink the hull';
       DELETE FROM comments;
       INSERT INTO stats VALUES ('nobody', 'ready', 7);
       UPDATE search SET body = 'nonsense' WHERE comment IS NOT NULL;`,
    );
    const { differences } = await verify({ log, timers, path });
    const gone = { live: false, rebuilt: true };
    expect(differences).toEqual([
      {
        ...{ table: 'tasks', key: '1', column: 'title' },
        ...{ live: 'Sink the hull', rebuilt: 'Paint the hull' },
      },
      { table: 'comments', key: '6', column: '*', ...gone },
      { table: 'stats', key: 'nobody ready', column: '*', live: true, rebuilt: false },
      { table: 'search', key: '6', column: 'body', live: 'nonsense', rebuilt: null },
    ]);
  });

  test('says when the tables are not about this log at all', async () => {
    const { path } = await aScene();
    const other = createMemoryLog({ clock: { nowMs: () => 0 }, epoch: 'epoch-2' });
    expect(await verify({ log: other, timers, path })).toMatchObject({
      objection: 'they were made from another history of the log',
    });
    expect(await verify({ log: other, timers, path: tempDir() })).toMatchObject({
      objection: 'there are none of this version',
    });
  });
});
