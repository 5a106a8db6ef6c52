/** Looking after a board from the command line: proof, repair, copies, leftovers, diagnosis. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { writeBeatingRuns } from '../kit/beating-log.ts';
import { thinAll } from '../kit/thin-log.ts';
import { realPorts } from '../log/real-ports.ts';
import { type CommandLine, commandLine } from './command-line.ts';

/** A board on which something has happened. */
async function lived(): Promise<{ cli: CommandLine; task: string; board: string }> {
  const cli = commandLine();
  const task = await cli.create('Paint the hull', '--assignee', 'paint');
  await cli.create('Launch', '--parent', task);
  await cli.run(['complete', task, '--summary', 'two coats']);
  return { cli, task, board: join(cli.directory, '.logboard') };
}

/** Changes what nobody should be able to change. */
function tamper(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

function tamperLog(board: string, sql: string): void {
  tamper(join(board, 'log.db'), `DROP TRIGGER events_are_never_updated; ${sql}`);
}

function tablesOf(board: string): string {
  const [name] = readdirSync(board).filter((file) => /^projections-.*\.\d+\.db$/.test(file));
  return join(board, name!);
}

describe('verify', () => {
  test('finds nothing on a sound board', async () => {
    const { cli } = await lived();

    expect(await cli.json(['verify'])).toMatchObject({ ok: true, problems: [], position: 6 });
  });

  test('names the event that was changed, with exit code 9', async () => {
    const { cli, board } = await lived();
    tamperLog(board, `UPDATE events SET data = replace(data, 'hull', 'keel') WHERE position = 2`);

    const report = await cli.json(['verify'], { exit: 9 });

    expect(report).toMatchObject({ ok: false, problems: [{ kind: 'chain', position: 2 }] });
  });

  test('names the row that does not follow from the log, and a rebuild mends it', async () => {
    const { cli, task, board } = await lived();
    tamper(tablesOf(board), `UPDATE tasks SET title = 'Sink it' WHERE task_id = '${task}'`);

    const { problems } = await cli.json(['verify'], { exit: 9 });
    expect(problems).toMatchObject([{ kind: 'tables', found: expect.stringContaining('Sink it') }]);

    await cli.json(['rebuild']);
    expect(await cli.json(['verify'])).toMatchObject({ ok: true });
    expect(await cli.json(['show', task])).toMatchObject({ title: 'Paint the hull' });
  });

  test('of a rebuild tells what it mends, and that there was nothing to mend', async () => {
    const { cli, task, board } = await lived();
    tamper(tablesOf(board), `UPDATE tasks SET title = 'Sink it' WHERE task_id = '${task}'`);

    const mended = await cli.run(['rebuild', '--verify']);
    expect(mended).toMatchObject({ exit: 9, stdout: expect.stringContaining('Sink it') });

    const proven = await cli.json(['rebuild', '--verify']);
    expect(proven).toMatchObject({ position: 6, problems: [] });
  });

  test('shows people what is wrong', async () => {
    const { cli, board } = await lived();
    tamperLog(board, `UPDATE events SET data = replace(data, 'hull', 'keel') WHERE position = 2`);

    const { exit, stdout } = await cli.run(['verify']);

    expect(exit).toBe(9);
    expect(stdout).toMatch(
      /✗ not sound.*\n {2}first bad event: position 2 {2}task-T-.*@0 .*\n {2}chain at 2/,
    );
  });
});

describe('a damaged log', () => {
  test('is read up to the damage, and never written to', async () => {
    const { cli, board } = await lived();
    tamperLog(board, `UPDATE events SET data = replace(data, 'hull', 'keel') WHERE position = 2`);

    const { error } = await cli.json(['create', 'x'], { exit: 9 });

    expect(error.code).toBe('log_damaged');
    const doctor = await cli.json(['doctor'], { exit: 9 });
    expect(doctor.findings).toContainEqual(expect.objectContaining({ check: 'log', state: 'bad' }));
  });

  test.each([
    ['was changed', (board: string) => tamperLog(board, "UPDATE events SET data = '{}'")],
    ['is no database any more', (board: string) => writeFileSync(join(board, 'log.db'), 'x\n')],
    ['has lost its shape', (board: string) => tamper(join(board, 'log.db'), 'DROP TABLE log_meta')],
    ['was removed', (board: string) => rmSync(join(board, 'log.db'))],
  ])('that %s is no reason for the doctor to send anybody to the doctor', async (_, damage) => {
    const { cli, board } = await lived();
    damage(board);

    const { findings } = await cli.json(['doctor'], { exit: 9 });

    const bad = findings.filter(({ state }: { state: string }) => state === 'bad');
    expect(bad).not.toEqual([]);
    for (const { hint } of bad) {
      expect(hint).not.toBe('');
      expect(hint).not.toContain('logboard doctor');
    }
  });

  test('that is gone leaves a trace: no empty board takes its place', async () => {
    const { cli, board } = await lived();
    for (const file of readdirSync(board).filter((name) => name.startsWith('log.db'))) {
      rmSync(join(board, file));
    }

    expect(await cli.json(['list'], { exit: 9 })).toMatchObject({ error: { code: 'log_damaged' } });
    expect(await cli.json(['create', 'x'], { exit: 9 })).toBeTruthy();
  });
});

test('a log of a newer program is not written to, and the program that can is named', async () => {
  const { cli, board } = await lived();
  tamper(join(board, 'log.db'), 'UPDATE log_meta SET min_writer = 99');

  const { error } = await cli.json(['create', 'x'], { exit: 7 });

  expect(error).toMatchObject({ code: 'log_too_new', hint: expect.stringContaining('99') });
  expect(await cli.json(['list'])).toHaveLength(2);
});

describe('a backup', () => {
  test('becomes a new board with the same past and a new epoch', async () => {
    const { cli, task } = await lived();

    const copy = await cli.json(['backup', 'monday.db']);
    await cli.create('after the backup');
    const restored = await cli.json(['restore', 'monday.db', '--board', './recovered']);

    expect(restored.epoch).not.toBe(copy.epoch);
    const tasks = await cli.json(['list', '--board', './recovered']);
    expect(tasks.map((each: { id: string }) => each.id)).toContain(task);
    expect(tasks).toHaveLength(2);
  });

  test('never takes the place of a file', async () => {
    const { cli } = await lived();
    writeFileSync(join(cli.directory, 'monday.db'), 'precious');

    await cli.json(['backup', 'monday.db'], { exit: 2 });
  });

  test('that is none is not restored, and nothing is left behind', async () => {
    const { cli } = await lived();
    writeFileSync(join(cli.directory, 'letter.txt'), 'Dear board, this is no backup of anything.');

    const { error } = await cli.json(['restore', 'letter.txt', '--board', './new'], { exit: 9 });

    expect(error.message).toContain(join(cli.directory, 'letter.txt'));
    expect(error.message).not.toContain('partial');
    expect(error.hint).toContain('logboard backup');
    expect(existsSync(join(cli.directory, 'new'))).toBe(false);
  });

  test('that is none takes back every directory it made, and no other', async () => {
    const { cli } = await lived();
    writeFileSync(join(cli.directory, 'letter.txt'), 'Dear board, this is no backup of anything.');
    mkdirSync(join(cli.directory, 'there'));

    await cli.json(['restore', 'letter.txt', '--board', './there/a/b'], { exit: 9 });
    expect(readdirSync(join(cli.directory, 'there'))).toEqual([]);

    await cli.json(['restore', 'letter.txt', '--board', './there'], { exit: 9 });
    expect(readdirSync(join(cli.directory, 'there'))).toEqual([]);
  });

  test('with keys that are none becomes no board', async () => {
    const { cli } = await lived();
    await cli.json(['backup', 'monday.db']);
    writeFileSync(join(cli.directory, 'letter.txt'), 'Dear board, this is no key to anything.');
    tamper(join(cli.directory, 'other.db'), 'CREATE TABLE keys (task_id)');

    for (const keys of ['letter.txt', 'other.db', 'monday.db']) {
      const line = ['restore', 'monday.db', '--board', './new', '--keys', keys];
      const { error } = await cli.json(line, { exit: 2 });

      expect(error).toMatchObject({
        code: 'not_a_backup',
        hint: expect.stringContaining('--keys'),
      });
      expect(error.message).toContain(join(cli.directory, keys));
      expect(existsSync(join(cli.directory, 'new'))).toBe(false);
    }
  });
});

describe('gc', () => {
  test('removes what runs left that ended long enough ago, and no event', async () => {
    const { cli, task, board } = await lived();
    const [{ id: run }] = await cli.json(['runs', task]);
    const open = await cli.json(['claim', await cli.create('b')]);
    for (const each of [run, open.runId, 'R-UNKNOWN']) {
      mkdirSync(join(board, 'runs', each), { recursive: true });
      writeFileSync(join(board, 'runs', each, 'log'), '12345');
      mkdirSync(join(board, 'workspaces', each), { recursive: true });
    }
    const before = await cli.json(['stats']);

    expect(await cli.json(['gc', '--older-than', '1h'])).toMatchObject({
      removed: [],
      kept: 6,
      keptBecause: { open: 2, recent: 2, unknown: 2 },
    });
    expect((await cli.run(['gc', '--older-than', '1h'])).stdout).toMatch(
      /^kept 6: 2 of runs or tasks that go on, 2 not old enough, 2 of nothing that this board/m,
    );
    expect(await cli.json(['gc', '--older-than', '0s', '--dry-run'])).toMatchObject({
      dryRun: true,
      bytes: 5,
    });
    const { removed, keptBecause } = await cli.json(['gc', '--older-than', '0s']);

    expect(keptBecause).toEqual({ open: 2, recent: 0, unknown: 2 });
    expect(
      removed.map(({ kind, owner }: { kind: string; owner: string }) => [kind, owner]),
    ).toEqual([
      ['run_files', run],
      ['scratch', run],
    ]);
    expect(readdirSync(join(board, 'runs')).sort()).toEqual(['R-UNKNOWN', open.runId].sort());
    expect((await cli.json(['stats'])).position).toBe(before.position);
  });

  test('goes on to the others when one of them cannot be removed', async () => {
    const { cli, task, board } = await lived();
    const [{ id: run }] = await cli.json(['runs', task]);
    // A level deeper than any tree that is removed, so that it fails for root as well.
    const deep = Array.from({ length: 260 }, () => 'd').join('/');
    mkdirSync(join(board, 'workspaces', run, deep), { recursive: true });
    mkdirSync(join(board, 'workspaces', task), { recursive: true });

    const { removed, failed } = await cli.json(['gc', '--older-than', '0s'], { exit: 2 });

    expect(removed).toMatchObject([{ kind: 'scratch', owner: task }]);
    expect(failed).toMatchObject([{ kind: 'scratch', owner: run, error: { code: 'unsafe_path' } }]);
  });
});

describe('doctor', () => {
  test('without a board looks at the machine and says how to begin', async () => {
    const { findings, ok } = await commandLine().json(['doctor']);

    expect(ok).toBe(true);
    expect(findings.at(-1)).toMatchObject({ check: 'board', state: 'warn' });
    expect(findings.at(-1).hint).toContain('logboard init');
  });

  test.each([
    ['a bad configuration', 'config', 'nonsense: 1\n'],
    ['a worker that is not installed', 'worker paint', 'workers: { paint: { run: [no-such] } }\n'],
  ])('finds %s', async (_what, check, yaml) => {
    const { cli } = await lived();
    writeFileSync(join(cli.directory, 'logboard.yaml'), yaml);

    const { stdout } = await cli.run(['doctor', '--json']);

    const found = JSON.parse(stdout).findings.find(
      (each: { check: string }) => each.check === check,
    );
    expect(found.state).not.toBe('ok');
    expect(found.hint).not.toBe('');
  });

  test('looks at the configuration that is named, and at no other', async () => {
    const { cli } = await lived();
    writeFileSync(join(cli.directory, 'logboard.yaml'), 'nonsense: 1\n');
    writeFileSync(join(cli.directory, 'other.yaml'), 'workers: { paint: { run: [sh] } }\n');
    const about = async (file: string, exit: number) => {
      const { findings } = await cli.json(['doctor', '--config', file], { exit });
      return findings.filter(({ check }: { check: string }) => /^(config|worker .*)$/.test(check));
    };

    expect(await about('other.yaml', 0)).toMatchObject([
      { check: 'config', state: 'ok', found: join(cli.directory, 'other.yaml') },
      { check: 'worker paint', state: 'ok' },
    ]);
    expect(await about('gone.yaml', 9)).toMatchObject([
      { check: 'config', state: 'bad', found: expect.stringContaining('gone.yaml') },
    ]);
  });

  test('says of a relative program where it is looked for', async () => {
    const { cli } = await lived();
    writeFileSync(join(cli.directory, 'paint.sh'), '#!/bin/sh\n', { mode: 0o755 });
    const config = 'workers: { paint: { run: [./paint.sh] } }\n';
    writeFileSync(join(cli.directory, 'logboard.yaml'), config);

    const { findings } = await cli.json(['doctor']);

    const found = findings.find(({ check }: { check: string }) => check === 'worker paint');
    expect(found).toMatchObject({ state: 'warn', hint: expect.stringContaining('whole path') });
  });

  test('says which format the log has, not which one the program knows', async () => {
    const { cli, board } = await lived();
    const formatOf = async () => {
      const { findings } = await cli.json(['doctor']);
      const log = findings.find(({ check }: { check: string }) => check === 'log');
      return /format (\d+)/.exec(log.found)?.[1];
    };
    expect(await formatOf()).toBe('1');
    const log = await openSqliteLog(board, realPorts);
    await writeBeatingRuns(log, { runs: 1, beats: 30, batch: 'B' });
    await thinAll(log, Date.now());
    await log.close();
    expect(await formatOf()).toBe('2');
  });

  test('finds a directory that others may write to', async () => {
    const { cli, board } = await lived();
    chmodSync(board, 0o777);

    const { findings } = await cli.json(['doctor'], { exit: 9 });

    expect(findings).toContainEqual(expect.objectContaining({ check: 'place', state: 'bad' }));
  });

  test('finds a run whose lease is over', async () => {
    const { cli } = await lived();
    const { runId } = await cli.json(['claim', await cli.create('b'), '--ttl', '1ms']);

    const { findings } = await cli.json(['doctor']);

    expect(findings).toContainEqual(
      expect.objectContaining({ check: `run ${runId}`, state: 'warn' }),
    );
  });

  test('tells a clean stop as one: it hears what came after the tables', async () => {
    const { cli } = await lived();
    const stopping = new AbortController();
    const onStdout = (text: string) => {
      if (text.includes('"started"')) stopping.abort();
    };
    const options = ['serve', '--port', '0', '--json'];
    await cli.run(options, { stopped: stopping.signal, onStdout });

    const { findings } = await cli.json(['doctor']);

    const found = 'none is running here; the last one said goodbye';
    expect(findings).toContainEqual(expect.objectContaining({ check: 'dispatcher', found }));
    const tables = { check: 'tables', state: 'ok', found: 'caught up with 1 event' };
    expect(findings).toContainEqual(expect.objectContaining(tables));
    const again = await cli.json(['doctor']);
    expect(again.findings).toContainEqual({ ...tables, found: 'up to date', hint: '' });
  });

  test('changes nothing, not even by looking', async () => {
    const { cli, board } = await lived();
    // SQLite's own side files come and go with every reader.
    const files = () => readdirSync(board).filter((name) => !/-(wal|shm)$/.test(name));
    const before = files();

    await cli.json(['doctor']);

    expect(files()).toEqual(before);
  });
});
