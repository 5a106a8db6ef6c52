/** `logboard work`, killed outright: what it ran has no lease any more, and nobody to adopt it. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type OpenHouse, openHouse } from '../http/a-door.ts';
import { makeTask } from '../http/remote.ts';
import { bundleChild } from '../kit/child.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { aMachine } from './a-machine.ts';

interface Elsewhere {
  readonly pid: number;
  readonly home: string;
}

/** A remote worker in a process of its own. */
async function workElsewhere(house: OpenHouse, command: readonly string[]): Promise<Elsewhere> {
  const place = tempDir();
  const home = join(place, 'home');
  const tokenFile = join(place, 'token');
  writeFileSync(tokenFile, house.token('worker'), { mode: 0o600 });
  const program = await bundleChild(fileURLToPath(new URL('../../src/bin.ts', import.meta.url)));
  const who = ['--url', house.door.address, '--token-file', tokenFile, '--assignee', 'gpu'];
  const child = spawn(process.execPath, [program, 'work', ...who, '--', ...command], {
    cwd: place,
    env: {
      PATH: process.env['PATH'],
      LOGBOARD_HOME: home,
      LOGBOARD_KILL_GRACE_MS: '300',
    },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, home };
}

/** What the program of a task says about its processes, once it has begun. */
async function pidsOf(house: OpenHouse, taskId: string): Promise<readonly number[]> {
  const said = await eventually('it has begun', async () => {
    const runId = (await house.board.read()).runs(taskId).at(-1)?.runId ?? '';
    const log = join(house.directory, 'runs', runId, 'log');
    return existsSync(log) ? /pids ([\d ]+)\n/.exec(readFileSync(log, 'utf8'))?.[1] : undefined;
  });
  return said.split(' ').map(Number);
}

function isThere(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test.each([
  ['leaves when it is asked to', 'sleep 60 & echo pids $$ $! $PPID; wait'],
  ['will not leave', "trap '' TERM; sleep 60 & echo pids $$ $! $PPID; while :; do wait; done"],
  ['leaves a child behind', "(trap '' TERM; sleep 60) & echo pids $$ $! $PPID; wait"],
])('a program that %s is ended with all its processes', async (_, script) => {
  const house = await openHouse();
  const taskId = await makeTask(house);
  const { pid: worker } = await workElsewhere(house, ['sh', '-c', script]);
  const pids = await pidsOf(house, taskId);
  expect(pids.filter(isThere)).toEqual(pids);

  process.kill(worker, 'SIGKILL');

  await eventually('nobody is left', () => !pids.some(isThere));
});

test('what its runs left is removed by the next program there, and not before', async () => {
  const house = await openHouse();
  const taskId = await makeTask(house);
  const script = 'echo hull > hull.txt; sleep 60 & echo pids $$ $! $PPID; wait';
  const { pid, home } = await workElsewhere(house, ['sh', '-c', script]);
  const pids = await pidsOf(house, taskId);

  const beside = await aMachine(house, undefined, home);
  const left = () => ['runs', 'workspaces'].map((name) => readdirSync(join(beside.place(), name)));
  const [run] = (await house.board.read()).runs(taskId);
  expect(left()).toEqual([[run?.runId], [run?.runId]]);
  process.kill(pid, 'SIGKILL');
  await eventually('nobody is left', () => ![pid, ...pids].some(isThere));
  await aMachine(house, undefined, home);

  expect(left()).toEqual([[], []]);
});
