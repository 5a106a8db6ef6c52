/** `logboard work`: a program for each task, on a machine that has nothing of the board. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noteCharsMax } from '../../src/domain/limits.ts';
import { exitCodes } from '../../src/outcome.ts';
import { type CommandLine, commandLine, type Ran } from '../cli/command-line.ts';
import { type OpenHouse, openHouse } from '../http/a-door.ts';
import { makeTask } from '../http/remote.ts';
import { eventually } from '../kit/eventually.ts';

/** A machine beside the board's, with the token of a worker. */
function elsewhere(house: OpenHouse): { cli: CommandLine; work: Work } {
  const cli = commandLine();
  const tokenFile = join(cli.directory, 'token');
  writeFileSync(tokenFile, house.token('worker'), { mode: 0o600 });
  const work: Work = (command, { options = [], stopped } = {}) => {
    const who = ['--url', house.door.address, '--token-file', tokenFile, '--assignee', 'gpu'];
    const line = ['work', ...who, ...options, '--', ...command];
    return cli.run(line, stopped === undefined ? {} : { stopped });
  };
  return { cli, work };
}

type Work = (
  command: readonly string[],
  more?: { options?: readonly string[]; stopped?: AbortSignal },
) => Promise<Ran>;

const once = { options: ['--once'] };

function shell(script: string): readonly string[] {
  return ['sh', '-c', script];
}

async function statusOf({ ask }: OpenHouse, taskId: string): Promise<string> {
  return (await ask(`/api/v1/tasks/${taskId}`)).json.status;
}

async function lastRun({ board }: OpenHouse, taskId: string) {
  const run = (await board.read()).runs(taskId).at(-1);
  if (run === undefined) throw new Error('there is no run');
  return run;
}

async function outputOf(house: OpenHouse, taskId: string): Promise<string> {
  const { runId } = await lastRun(house, taskId);
  const log = join(house.directory, 'runs', runId, 'log');
  return existsSync(log) ? readFileSync(log, 'utf8') : '';
}

/** What a program says about its process, once it has begun. */
async function begun(house: OpenHouse, taskId: string): Promise<readonly number[]> {
  await eventually('it has begun', async () => /ready\n/.test(await outputOf(house, taskId)));
  const [, pids = ''] = /pids ([\d ]+)\n/.exec(await outputOf(house, taskId)) ?? [];
  return pids.split(' ').map(Number);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Somebody else has the door's port, and hangs up as often as that. */
async function turnAway({ door }: OpenHouse, times: number): Promise<void> {
  const server = createServer();
  const port = Number(new URL(door.address).port);
  await new Promise<void>((resolve) => {
    let left = times;
    server.on('connection', (socket) => {
      socket.destroy();
      left -= 1;
      if (left === 0) server.close(() => resolve());
    });
    server.listen(port, '127.0.0.1');
  });
}

/** What a program says that ends its run by itself. */
const ownWord = `curl -fsS -X POST -H "Content-Type: application/json" \\
  -H "Authorization: Bearer $LOGBOARD_RUN.$(cat "$LOGBOARD_RUN_TOKEN_FILE")" -o /dev/null \\
  -d '{"summary":"by my own word"}' "$LOGBOARD_URL/api/v1/runs/$LOGBOARD_RUN/complete"`;

/** A program with a child of its own, both of which ignore TERM. */
const stubborn = shell(
  "trap '' TERM; sleep 60 & echo pids $$ $!; echo ready; while :; do wait; sleep 1; done",
);

describe('a program that a remote worker runs', () => {
  test('finds what a local one finds, and its last line is the summary', async () => {
    const house = await openHouse();
    const { cli, work } = elsewhere(house);
    const taskId = await makeTask(house, 'Paint the $(hull)');
    const script = `
      env | grep ^LOGBOARD_ | sort
      cat "$LOGBOARD_CONTEXT_FILE"
      tr '\\0' ' ' < /proc/$$/cmdline | grep -c 'h[u]ll'
      echo all painted`;

    const worked = await work(shell(script), once);

    expect(worked).toMatchObject({ exit: 0, stderr: '' });
    const output = await outputOf(house, taskId);
    const { runId, ending, opened } = await lastRun(house, taskId);
    expect(ending).toMatchObject({ summary: 'all painted' });
    expect(opened.kind).toBe('external');
    expect(output).toContain(`LOGBOARD_URL=${house.door.address}`);
    expect(output).toContain(`LOGBOARD_TASK=${taskId}`);
    expect(output).toContain(`LOGBOARD_RUN=${runId}`);
    expect(output).toMatch(/LOGBOARD_RUN_TOKEN_FILE=.*\/token/);
    expect(output).not.toContain('LOGBOARD_BOARD=');
    expect(output).not.toContain(house.token('worker'));
    expect(output).toContain('Paint the $(hull)');
    expect(output).toContain('\n0\nall painted\n');
    expect(await statusOf(house, taskId)).toBe('done');
    const [place = ''] = readdirSync(join(cli.home, 'remote'));
    expect(readdirSync(join(cli.home, 'remote', place, 'runs'))).toEqual([]);
  });

  test.each([
    ['3', 'scheduled', 'crashed', 'exited with 3: it drips'],
    ['75', 'scheduled', 'rate_limited', undefined],
    ['0', 'done', 'completed', undefined],
  ])('and that exits with %s leaves its task %s', async (code, status, outcome, error) => {
    const house = await openHouse();
    const taskId = await makeTask(house);

    await elsewhere(house).work(shell(`echo it drips; exit ${code}`), once);

    expect(await statusOf(house, taskId)).toBe(status);
    const run = await lastRun(house, taskId);
    expect({ outcome: run.outcome, error: run.ending?.error }).toEqual({ outcome, error });
  });

  test('and that is not there fails its task, which the breaker ends', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);

    await elsewhere(house).work(['no-such-program'], once);

    const { ending } = await lastRun(house, taskId);
    expect(ending?.error).toContain('exited with 127: it could not be started');
  });

  test('and whose program has a name longer than a note fails its task, too', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);

    await elsewhere(house).work(['p'.repeat(noteCharsMax)], once);

    const { outcome, ending } = await lastRun(house, taskId);
    expect(outcome).toBe('crashed');
    expect(ending?.error).toContain('exited with 127: it could not be started');
  });

  test('hands in the files that were named', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);
    const options = ['--once', '--artifact', 'out/*.txt'];

    await elsewhere(house).work(shell('mkdir out; echo painted > out/hull.txt'), { options });

    const [artifact] = (await lastRun(house, taskId)).ending?.artifacts ?? [];
    expect(artifact).toMatchObject({ name: 'out/hull.txt', bytes: 8 });
    const kept = join(house.directory, 'artifacts', artifact?.sha256 ?? '');
    expect(readFileSync(kept, 'utf8')).toBe('painted\n');
  });

  test('and that ends its run by its own word is left to leave', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);

    const { stdout } = await elsewhere(house).work(shell(`${ownWord}; exit 3`), once);

    expect((await lastRun(house, taskId)).ending?.summary).toBe('by my own word');
    expect(stdout).toContain('its own word');
  });

  test.each([
    ['at once', ''],
    ['after its worker has heard of it', 'sleep 1.5;'],
  ])('and that ends its run by its own word and leaves %s loses no output', async (_, stays) => {
    const house = await openHouse();
    const taskId = await makeTask(house);
    const script = `echo painted; ${ownWord}; ${stays} echo and gone`;

    await elsewhere(house).work(shell(script), { options: ['--once', '--ttl', '4s'] });

    expect(await outputOf(house, taskId)).toBe('painted\nand gone\n');
  });

  test('is ended with all its processes when its run is taken away', async () => {
    const house = await openHouse();
    const stopping = new AbortController();
    const taskId = await makeTask(house);
    const options = ['--once', '--ttl', '2s'];
    const grace = { LOGBOARD_KILL_GRACE_MS: '200' };
    const { cli } = elsewhere(house);
    const url = ['--url', house.door.address, '--token-file', join(cli.directory, 'token')];
    const line = ['work', ...url, '--assignee', 'gpu', ...options, '--', ...stubborn];
    const working = cli.run(line, { stopped: stopping.signal, environment: grace });
    const pids = await begun(house, taskId);
    const ada = house.board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });

    await ada.reclaim(taskId, 'it took too long');
    const { stdout } = await working;

    expect(stdout).toMatch(/refused.*stale_run.*it took too long/);
    expect(pids).toHaveLength(2);
    expect(pids.filter(isThere)).toEqual([]);
  });

  test('is ended when the worker is asked to stop, and its task given back', async () => {
    const house = await openHouse();
    const stopping = new AbortController();
    const taskId = await makeTask(house);
    const script = 'sleep 60 & echo pids $$ $!; echo ready; wait';
    const working = elsewhere(house).work(shell(script), { stopped: stopping.signal });
    const pids = await begun(house, taskId);

    stopping.abort();
    const { exit } = await working;

    expect(exit).toBe(0);
    expect(pids.filter(isThere)).toEqual([]);
    expect(await lastRun(house, taskId)).toMatchObject({ outcome: 'released' });
    expect((await house.board.read()).task(taskId, Date.now())).toMatchObject({ failures: 0 });
  });
});

describe('a door that is away', () => {
  test('for a moment costs no work and no output', async () => {
    const house = await openHouse();
    const { directory } = commandLine();
    const gate = join(directory, 'gate');
    const taskId = await makeTask(house);
    const script = `echo ready; until [ -e ${gate} ]; do sleep 0.05; done; echo all painted`;
    const working = elsewhere(house).work(shell(script), { options: ['--once', '--ttl', '60s'] });
    await begun(house, taskId);

    await house.door.close();
    writeFileSync(gate, '');
    await turnAway(house, 3);
    const again = await house.reopen();
    await working;

    expect(again.door.address).toBe(house.door.address);
    expect(await outputOf(house, taskId)).toBe('ready\nall painted\n');
    expect((await lastRun(house, taskId)).ending?.summary).toBe('all painted');
  });

  test('until the lease is surely over ends the program', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);
    const script = 'sleep 60 & echo pids $$ $!; echo ready; wait';
    const working = elsewhere(house).work(shell(script), { options: ['--once', '--ttl', '2s'] });
    const pids = await begun(house, taskId);

    await house.door.close();
    const { exit, stdout } = await working;

    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining('lost') });
    expect(pids.filter(isThere)).toEqual([]);
    expect((await lastRun(house, taskId)).outcome).toBeNull();
  });

  test.each([
    ['with no task', exitCodes.nothing_to_claim, (house: OpenHouse) => house.token('worker')],
    ['that knows no such token', exitCodes.not_allowed, () => 'x'.repeat(43)],
    ['for readers', exitCodes.not_allowed, (house: OpenHouse) => house.token('reader')],
  ])('%s says so', async (_what, expected, tokenOf) => {
    const house = await openHouse();
    const { cli, work } = elsewhere(house);
    writeFileSync(join(cli.directory, 'token'), tokenOf(house));

    expect((await work(['true'], once)).exit).toBe(expected);
  });

  test('that is paused is waited for, and the worker says so', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);
    await house.ask('/api/v1/board/pause', { body: {} });
    const { work } = elsewhere(house);

    const paused = await work(['true'], once);
    await house.ask('/api/v1/board/resume', { body: {} });
    const worked = await work(['true'], once);

    expect(paused.exit).toBe(exitCodes.nothing_to_claim);
    expect(paused.stdout).toMatch(/paused +subject http:/);
    expect(worked.stdout).not.toContain('paused');
    expect(await statusOf(house, taskId)).toBe('done');
  });

  test('for good says so to who takes one task only', async () => {
    const house = await openHouse();
    const { work } = elsewhere(house);
    await house.door.close();

    const { exit, stderr } = await work(['true'], once);

    expect(exit).toBe(exitCodes.unavailable);
    expect(stderr).toContain('ECONNREFUSED');
  });
});
