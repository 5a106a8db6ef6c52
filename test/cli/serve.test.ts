/** The dispatcher from the command line, with real workers. */
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exitCodes } from '../../src/outcome.ts';
import { eventually } from '../kit/eventually.ts';
import { tamper } from '../log/sqlite/open-for-test.ts';
import { type CommandLine, commandLine, type Ran } from './command-line.ts';

const workers = `
drainMs: 50
retryBackoffMs: 20
workers:
  paint: { run: [sh, -c, "echo first coat; echo second coat"], onExit: { 0: complete } }
  drip: { run: [sh, -c, "echo it drips >&2; exit 3"] }
  slow: { run: [sh, -c, "echo begun; exec sleep 60"] }
`;

function shipyard(): CommandLine {
  const cli = commandLine();
  writeFileSync(join(cli.directory, 'logboard.yaml'), workers);
  return cli;
}

/** Serves until `happened`, then stops and answers what was printed. */
async function serveUntil(
  cli: CommandLine,
  happened: () => Promise<unknown>,
  options: readonly string[] = [],
): Promise<Ran> {
  const stopping = new AbortController();
  const serving = cli.run(['serve', ...options], { stopped: stopping.signal });
  try {
    await eventually('what the test waits for', happened, 20_000);
  } finally {
    stopping.abort();
  }
  return serving;
}

async function statusOf(cli: CommandLine, task: string): Promise<string> {
  return (await cli.json<{ status: string }>(['show', task])).status;
}

/** Somebody rewrites the past. */
function forgeLastEvent(board: string): void {
  const last = '(SELECT max(position) FROM events)';
  tamper(board, (db) => void db.exec(`UPDATE events SET data = '{}' WHERE position = ${last}`));
}

function overwrite(board: string): void {
  writeFileSync(join(board, 'log.db'), 'not a log'.repeat(1_000));
}

/** Whether a worker's launcher is there no more. */
function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

describe('serve', () => {
  test('ends with the reason when its log goes away under it', async () => {
    const cli = shipyard();
    const log = join(cli.directory, '.logboard', 'log.db');
    const stopped = new AbortController().signal;
    const onStdout = (text: string) => {
      if (text.includes('"started"')) renameSync(log, `${log}.away`);
    };

    const served = await cli.run(['serve', '--json'], { stopped, onStdout });

    expect(served.exit).toBe(exitCodes.unavailable);
    expect(served.stderr + served.stdout).toContain('log_replaced');
  });

  test.each([
    ['is no database any more', overwrite],
    ['does not verify', forgeLastEvent],
  ])('keeps one copy of a log that %s, however often it is started', async (_what, damage) => {
    const cli = shipyard();
    await cli.create('Paint', '--assignee', 'paint');
    const board = join(cli.directory, '.logboard');
    damage(board);
    const found = readFileSync(join(board, 'log.db'));
    const stopped = new AbortController().signal;

    const [first, ...later] = [
      await cli.run(['serve'], { stopped }),
      await cli.run(['serve'], { stopped }),
      await cli.run(['serve'], { stopped }),
    ];

    expect(first.stderr).toContain(`The damaged log was copied to ${join(board, 'damaged')}`);
    for (const { exit, stderr } of [first, ...later]) {
      expect(exit).toBe(exitCodes.difference);
      expect(stderr.match(/logboard restore <backup>/g)).toHaveLength(1);
    }
    for (const { stderr } of later) expect(stderr).not.toContain('copied');
    expect(readdirSync(board).filter((name) => name.startsWith('damaged'))).toEqual(['damaged']);
    expect(readFileSync(join(board, 'damaged', 'log.db')).equals(found)).toBe(true);
    const other = shipyard();
    await other.create('Paint', '--assignee', 'paint');
    expect((await other.run(['dispatch', '--dry-run'])).exit).toBe(0);
  });

  test('starts workers, keeps what they print, and stops in peace', async () => {
    const cli = shipyard();
    const task = await cli.create('Paint the hull', '--assignee', 'paint');

    const served = await serveUntil(cli, async () => (await statusOf(cli, task)) === 'done');

    expect(served.exit).toBe(0);
    expect(served.stderr).toContain(join(cli.directory, '.logboard'));
    expect(served.stderr).toContain('workers   drip, paint, slow');
    expect(served.stderr).toContain('cap       3');
    expect(served.stdout).toMatch(/spawned(.|\n)*stopped/);
    expect(served.stdout).toMatch(/reaped +children \[\{.*"exit":\{"code":0\}\}\], total 1\n/);
    expect(served.stdout).toMatch(/stopped .*reaped 1\n/);
    expect(await cli.json(['log', task])).toMatchObject({ text: 'first coat\nsecond coat\n' });
    expect((await cli.run(['log', task, '--tail', '1'])).stdout).toBe('second coat\n');
    expect(await cli.json(['show', task])).toMatchObject({ summary: 'second coat' });
  });

  test('tells its workers where it is, and looks when it is told to over HTTP', async () => {
    const cli = shipyard();
    const ask = 'echo "$LOGBOARD_URL"';
    const where = `  where: { run: [sh, -c, ${JSON.stringify(ask)}], onExit: { 0: complete } }\n`;
    writeFileSync(join(cli.directory, 'logboard.yaml'), `${workers}${where}`);
    const task = await cli.create('Where is the board?', '--assignee', 'where');
    const stopping = new AbortController();
    let told = '';
    const onStdout = (text: string) => {
      told += text;
    };
    const serving = cli.run(['serve', '--json', '--port', '0'], {
      stopped: stopping.signal,
      onStdout,
    });
    await eventually('the task is done', async () => (await statusOf(cli, task)) === 'done');
    const { address } = JSON.parse(told.split('\n', 1)[0] ?? '');
    const token = readFileSync(join(cli.directory, '.logboard/http/operator.token'), 'utf8').trim();
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };

    const nudged = await fetch(`${address}/api/v1/dispatch/nudge`, {
      ...{ method: 'POST', headers, body: '{}' },
    });
    const plan = await fetch(`${address}/api/v1/dispatch/plan`, { headers });

    expect(await nudged.json()).toEqual({ nudged: true });
    expect(await plan.json()).toMatchObject({ actions: expect.any(Array), waits: [] });
    expect(await cli.json(['log', task])).toMatchObject({ text: `${address}\n` });
    stopping.abort();
    expect(await serving).toMatchObject({ exit: 0 });
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });

  test('says which port was taken, and takes no other where one was named', async () => {
    const cli = shipyard();
    const other = createServer();
    onTestFinished(() => void other.close());
    // Other tests serve there as well, for a while.
    await eventually('the usual port is ours', async () => {
      other.listen(4747, '127.0.0.1');
      await once(other, 'listening');
      return true;
    });

    const forPeople = await serveUntil(cli, async () => true, ['--no-dispatch']);
    const forPrograms = await serveUntil(cli, async () => true, ['--no-dispatch', '--json']);
    const named = await cli.json(['serve', '--port', '4747'], { exit: exitCodes.unavailable });

    const [, used] = /port {6}4747 is taken by another program: (\d+) is used/.exec(
      forPeople.stderr,
    )!;
    expect(forPeople.stderr).toContain(`page      http://127.0.0.1:${used}\n`);
    expect(JSON.parse(forPrograms.stdout.split('\n', 1)[0]!)).toMatchObject({ portTaken: 4747 });
    expect(named).toMatchObject({ error: { code: 'address_in_use' } });
  });

  test('shows people the page behind its proxy, and programs the address itself', async () => {
    const cli = shipyard();
    const options = ['--no-dispatch', '--port', '0', '--known-as', 'https://board.example.org'];
    const forPeople = await serveUntil(cli, async () => true, options);
    const forPrograms = await serveUntil(cli, async () => true, [...options, '--json']);

    expect(forPeople.stderr).toContain('page      https://board.example.org\n');
    expect(forPrograms.stdout).toMatch(/"address":"http:\/\/127\.0\.0\.1:\d+"/);
  });

  test.each([
    ['--socket door.sock', '--known-as board.lan:4747'],
    ['--socket door.sock', '--allow-remote'],
    ['--no-http', '--known-as board.lan:4747'],
  ])('with %s has no address for %s to mean, and says so', async (instead, extra) => {
    const line = ['serve', ...instead.split(' '), ...extra.split(' ')];
    const { error } = await shipyard().json(line, { exit: exitCodes.usage });

    const [option] = extra.split(' ', 1);
    expect(error.message).toContain(`cannot be used with option '${option}`);
  });

  test('halts what fails twice, and the reason is plain to see', async () => {
    const cli = shipyard();
    const task = await cli.create('Varnish', '--assignee', 'drip');

    await serveUntil(cli, async () => (await statusOf(cli, task)) === 'halted');

    const page = await cli.json(['show', task]);
    expect(page).toMatchObject({ failures: 2, attempts: 2 });
    expect(page.lastError).toContain('it drips');
    expect(page.runs[1]).toMatchObject({ outcome: 'crashed', exitCode: 3 });
  });

  test.each([[[]], [['--json']]])('tells a failed launch and a halt with %j', async (options) => {
    const cli = shipyard();
    const file = join(cli.directory, 'logboard.yaml');
    writeFileSync(file, `${workers}  nobody: { run: [./nope.sh] }\n`);
    const task = await cli.create('Varnish', '--assignee', 'nobody');
    const stopping = new AbortController();
    let told = '';
    const onStdout = (text: string) => {
      told += text;
    };
    const serving = cli.run(['serve', ...options], { stopped: stopping.signal, onStdout });

    await eventually('the halt', () => told.includes(`logboard unblock ${task}`), 20_000);

    stopping.abort();
    expect((await serving).exit).toBe(0);
    const lines = told.split('\n').filter((line) => /\b(failed|halted)(\s|")/.test(line));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toContain(task);
    expect(lines.slice(0, 2).join()).toMatch(/nope\.sh.*nope\.sh/);
    expect(lines[2]).toMatch(new RegExp(`failure 2 of 2.*logboard why ${task}`));
  });

  test('makes the board when there is none, and tells machines what it does', async () => {
    const cli = shipyard();

    const served = await serveUntil(cli, async () => (await cli.run(['stats'])).exit === 0, [
      '--json',
    ]);

    const told = served.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).what);
    expect([...told.slice(0, 2), told.at(-1)]).toEqual(['listening', 'started', 'stopped']);
    expect(served.stderr).toBe('');
  });

  test('starts nothing on a paused board', async () => {
    const cli = shipyard();
    const task = await cli.create('Paint', '--assignee', 'paint');
    await cli.run(['pause']);

    expect(await cli.json(['dispatch', '--dry-run'])).toMatchObject({ actions: [] });
    await cli.run(['resume']);
    expect(await cli.json(['dispatch', '--dry-run'])).toMatchObject({
      actions: [{ do: 'claim', taskId: task, assignee: 'paint' }],
    });
  });
});

describe('a flag', () => {
  test('beats the environment, which beats the file', async () => {
    const cli = shipyard();
    writeFileSync(join(cli.directory, 'logboard.yaml'), `maxRunning: 1\n${workers}`);
    for (const title of ['a', 'b', 'c', 'd']) await cli.create(title, '--assignee', 'paint');
    const planned = async (options: readonly string[], environment = {}) => {
      const line = ['dispatch', '--dry-run', ...options];
      return (await cli.json(line, { environment })).actions.length;
    };

    expect(await planned([])).toBe(1);
    expect(await planned([], { LOGBOARD_MAX_RUNNING: '2' })).toBe(2);
    expect(await planned(['--max-running', '4'], { LOGBOARD_MAX_RUNNING: '2' })).toBe(4);
  });
});

describe('dispatch', () => {
  test('makes one pass; its workers go on without it', async () => {
    const cli = shipyard();
    const task = await cli.create('Paint', '--assignee', 'slow');

    const plan = await cli.json(['dispatch']);

    expect(plan).toMatchObject({ dryRun: false, actions: [{ do: 'claim', taskId: task }] });
    expect(await statusOf(cli, task)).toBe('running');
    expect((await cli.run(['doctor'])).stdout).toMatch(/run R-\w+ +process \d+ is alive/);
    const [{ pid }] = await cli.json(['runs', task]);
    await cli.run(['archive', task]);
    await serveUntil(cli, async () => hasEnded(pid));
  });
});

describe('a log that is followed', () => {
  test('ends with the run it belongs to', async () => {
    const cli = shipyard();
    const task = await cli.create('Wait', '--assignee', 'slow');
    let seen = '';
    const onStdout = (text: string) => {
      seen += text;
    };

    await serveUntil(cli, async () => {
      const [run] = await cli.json(['runs', task]);
      if (!run?.pid) return false;
      const following = cli.run(['log', task, '-f'], { onStdout });
      await eventually('the first output', () => seen.includes('begun'));
      await cli.run(['archive', task]);
      const { exit, stderr } = await following;
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining('canceled') });
      await eventually('the end of the worker', () => hasEnded(run.pid));
      return true;
    });
  });
});
