/** `verify` on boards on which something was changed afterwards: it says so, and says where. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/log/event-log.ts';
import { createEventHasher } from '../../src/log/sqlite/hash-chain.ts';
import { accepted } from '../kit/callers.ts';
import type { CommandLine } from './command-line.ts';
import { copyOf, longAgo, yard } from './past.ts';

interface Row {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly id: string;
}

/** A board on which something has happened, and its events. */
async function lived(): Promise<{ cli: CommandLine; rows: readonly Row[] }> {
  const cli = await yard();
  const hull = await cli.create('Paint the hull', '--assignee', 'paint');
  await cli.create('Launch', '--parent', hull);
  await cli.json(['claim', hull]);
  const [{ id: run }] = await cli.json(['runs', hull]);
  await cli.json(['heartbeat', run, '--note', 'first coat']);
  await cli.json(['comment', hull, 'mind the bow']);
  await cli.json(['complete', hull, '--summary', 'two coats']);
  const select = 'SELECT * FROM events ORDER BY position';
  return { cli, rows: onLog(cli, (db) => db.prepare<[], Row>(select).all()) };
}

function onLog<T>({ directory }: CommandLine, work: (db: Database.Database) => T): T {
  return on(join(directory, '.logboard', 'log.db'), work);
}

function onTables<T>({ directory }: CommandLine, work: (db: Database.Database) => T): T {
  const board = join(directory, '.logboard');
  const [name] = readdirSync(board).filter((file) => /^projections-.*\.\d+\.db$/.test(file));
  return on(join(board, name!), work);
}

function on<T>(file: string, work: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** What `verify` says of a copy of the board to which something was done in SQL. */
async function afterwards(cli: CommandLine, sql: string, ...words: readonly string[]) {
  const copy = copyOf(cli);
  onLog(copy, (db) => {
    db.exec('DROP TRIGGER events_are_never_updated; DROP TRIGGER events_are_never_deleted');
    db.exec(sql);
  });
  return copy.json(['verify', ...words], { exit: 9 });
}

describe('an event', () => {
  test('that was changed is named, whichever it is', async () => {
    const { cli, rows } = await lived();
    for (const { position, stream, version, type, id } of rows) {
      const report = await afterwards(
        cli,
        `UPDATE events SET meta = replace(meta, 'kai', 'eve') WHERE position = ${position}`,
      );
      expect(report.firstBad).toEqual({ position, stream, version, type, id });
    }
  });

  test('that was taken out leaves its position, whichever it is', async () => {
    const { cli, rows } = await lived();
    for (const { position } of rows) {
      const report = await afterwards(cli, `DELETE FROM events WHERE position = ${position}`);
      expect(report.firstBad).toMatchObject({ position, stream: null });
    }
  });

  test('that is not of its type is named, though its hash is right', async () => {
    const { cli, rows } = await lived();
    const copy = copyOf(cli);
    const at = rows.length + 1;
    onLog(copy, (db) => appendForged(db, { type: 'TaskArchived', data: '{"why":1' }));
    const report = await copy.json(['verify'], { exit: 9 });
    expect(report.firstBad).toMatchObject({ position: at, type: 'TaskArchived' });
    expect(report.problems).toMatchObject([{ kind: 'invariant', position: at }]);
  });
});

test('a row that a table lacks or invents is named, and none is blamed in the log', async () => {
  const { cli } = await lived();
  const copy = copyOf(cli);
  onTables(copy, (db) =>
    db.exec(`
      DELETE FROM comments;
      DELETE FROM timeline WHERE position = 1 AND ordinal = 0;
      UPDATE timeline SET ordinal = 7 WHERE position = 2 AND ordinal = 0;`),
  );
  const { firstBad, problems } = await copy.json(['verify'], { exit: 9 });
  expect(firstBad).toBeNull();
  const lacks = 'the table has no such row, the log says there is one';
  const invents = 'the table has this row, the log says nothing of it';
  for (const [subject, found] of [
    [expect.stringMatching(/^comments /), lacks],
    ['timeline 1 0', lacks],
    ['timeline 2 0', lacks],
    ['timeline 2 7', invents],
  ]) {
    const problem = { kind: 'tables', position: null, subject, found, event: null };
    expect(problems).toContainEqual(problem);
  }
});

describe('since a moment', () => {
  test('what stands before it is taken as it is, and that is said', async () => {
    const cli = await yard();
    const hull = await cli.create('Paint the hull');
    await longAgo(cli, 0, async ({ people }) => {
      for (let n = 1; n <= 300; n += 1) await accepted(people.comment(hull, { body: `coat ${n}` }));
    });
    onLog(cli, (db) => {
      db.exec('DROP TRIGGER events_are_never_updated');
      db.exec(`UPDATE events SET data = replace(data, 'coat', 'hole') WHERE position = 5`);
    });
    expect((await cli.json(['verify'], { exit: 9 })).firstBad.position).toBe(5);
    expect(await cli.json(['verify', '--since', '9'])).toMatchObject({ ok: true, since: 9 });
    const { stdout } = await cli.run(['verify', '--since', '9']);
    expect(stdout).toContain('not checked: 8 events before position 9, and the tables');
  });

  test('what comes after it is checked against the state before', async () => {
    const { cli, rows } = await lived();
    const last = rows.at(-1)!.position;
    const report = await afterwards(
      cli,
      `UPDATE events SET meta = replace(meta, 'kai', 'eve') WHERE position = ${last}`,
      '--since',
      '4',
    );
    expect(report.firstBad).toMatchObject({ position: last });
    expect(await cli.json(['verify', '--since', '4'])).toMatchObject({ problems: [] });
  });

  test('that no event has reached is refused', async () => {
    const { cli } = await lived();
    const { error } = await cli.json(['verify', '--since', '4711'], { exit: 3 });
    expect(error.code).toBe('beyond_head');
  });
});

/** Puts an event at the end, with the hash that it should have. */
function appendForged(db: Database.Database, { type, data }: { type: string; data: string }) {
  const last = db
    .prepare<[], StoredEvent & { hash: Buffer }>(
      `SELECT *, schema_version AS schemaVersion, recorded_at AS recordedAtMs
      FROM events ORDER BY position DESC LIMIT 1`,
    )
    .get()!;
  const { position, version } = last;
  const event = { ...last, id: 'forged', type, data };
  const place = { ...event, position: position + 1, version: version + 1 };
  db.prepare(
    `INSERT INTO events SELECT @position, stream, @version, @id, @type, schema_version, @data,
     meta, recorded_at, hash, @hash FROM events WHERE position = @position - 1`,
  ).run({ ...place, hash: createEventHasher()(last.hash, place, event) });
}
