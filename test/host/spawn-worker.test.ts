/** The launch protocol with real processes. */
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readExitStatus } from '../../src/host/exit-status.ts';
import { createProcessTable } from '../../src/host/process-table.ts';
import { createWorkerSpawner } from '../../src/host/spawn-worker.ts';
import { workerEnvironment } from '../../src/host/worker-environment.ts';
import { eventually } from '../kit/eventually.ts';
import { bootId, child, outputOf, probe, spawned, spawnWorker, workerSpec } from './a-worker.ts';
import { tempDirectory } from './temp-directory.ts';

describe('the gate', () => {
  it('holds the command back until go', async () => {
    const mark = join(tempDirectory(), 'mark');
    const { worker, run } = await spawned([child('leaves-mark.sh'), mark]);
    expect(probe(worker.identity)).toMatchObject({ verdict: 'alive', nonceSeen: true });
    expect(existsSync(mark)).toBe(false);
    worker.go();
    expect(await worker.exited).toEqual({ code: 0 });
    expect(existsSync(mark)).toBe(true);
    expect(readExitStatus(run.exit)).toEqual({ code: 0 });
  });

  it('lets a worker that was abandoned leave without having done anything', async () => {
    const mark = join(tempDirectory(), 'mark');
    const { worker, run } = await spawned([child('leaves-mark.sh'), mark]);
    worker.abandon();
    await worker.exited;
    expect(existsSync(mark)).toBe(false);
    expect(readExitStatus(run.exit)).toBe('not_started');
  });

  it('survives that the launcher was killed before go', async () => {
    const { worker, run } = await spawned(['true']);
    process.kill(worker.identity.pid, 'SIGKILL');
    worker.go();
    expect(await worker.exited).toEqual({ signal: 'SIGKILL' });
    expect(readExitStatus(run.exit)).toBeUndefined();
  });
});

describe('the exit status', () => {
  it.each([
    ['0', { code: 0 }],
    ['3', { code: 3 }],
    ['75', { code: 75 }],
    ['TERM', { signal: 'SIGTERM' }],
    ['KILL', { signal: 'SIGKILL' }],
    ['SEGV', { signal: 'SIGSEGV' }],
    ['INT', { signal: 'SIGINT' }],
  ])('of a worker that ends with %s is seen and written down', async (ending, expected) => {
    const { worker, run } = await spawned([child('exits-with.sh'), ending]);
    worker.go();
    expect(await worker.exited).toEqual(expected);
    expect(readExitStatus(run.exit)).toEqual(expected);
  });

  it('is written down when TERM went to the whole group', async () => {
    const ready = join(tempDirectory(), 'ready');
    const { worker, run } = await spawned([child('forever.sh'), ready]);
    worker.go();
    await eventually('the worker is ready', () => existsSync(ready));
    expect(readExitStatus(run.exit)).toBe('running');
    process.kill(-worker.identity.pid, 'SIGTERM');
    expect(await worker.exited).toEqual({ signal: 'SIGTERM' });
    expect(readExitStatus(run.exit)).toEqual({ signal: 'SIGTERM' });
  });

  it('does not wait for a descendant that holds the log open', async () => {
    const ready = join(tempDirectory(), 'ready');
    const { worker } = await spawned([child('holds-log-open.sh'), ready]);
    worker.go();
    expect(await worker.exited).toEqual({ code: 0 });
  });

  it('is that of a worker which closed its standard streams', async () => {
    const { worker } = await spawned([child('closes-stdio.sh')]);
    worker.go();
    expect(await worker.exited).toEqual({ code: 3 });
  });
});

describe('what a worker is given', () => {
  it('are its arguments, verbatim', async () => {
    const hostile = [
      '$(touch pwned)',
      '`touch pwned`',
      'a\nb',
      '--upload-pack=touch pwned',
      '-',
      '--',
      '',
      ' ',
      "'; touch pwned; '",
      '"$HOME"',
      '$IFS',
      '*',
      '\\',
      '&& touch pwned',
      'ü–漢字–😀',
    ];
    const { worker, run, workspace } = await spawned([child('prints-arguments.sh'), ...hostile]);
    worker.go();
    await worker.exited;
    expect(readFileSync(run.log, 'utf8').split('\0').slice(0, -1)).toEqual(hostile);
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('is no builtin of the shell, whatever its name', async () => {
    const { spec } = workerSpec(['exit', '0']);
    expect(await spawnWorker(spec)).toMatchObject({ spawned: false, reason: 'no_command' });
  });

  it('is an environment without the secrets of the dispatcher', async () => {
    const parent = {
      PATH: process.env['PATH'],
      LC_TIME: 'C',
      CANARY: 'secret',
      LOGBOARD_RUN: 'R-OUTER',
      WANTED: 'yes',
    };
    const environment = workerEnvironment(parent, ['WANTED'], { LOGBOARD_TASK: 'T-1' });
    const nonce = 'the-nonce';
    const output = await outputOf([child('prints-environment.sh')], { environment, nonce });
    const names = output.split('\0').map((entry) => entry.split('=')[0]);
    expect(output).not.toContain('secret');
    expect(output).not.toContain('R-OUTER');
    // The shells on the way add PWD, OLDPWD, SHLVL and _ of their own.
    expect(names).toEqual(
      expect.arrayContaining(['PATH', 'LC_TIME', 'WANTED', 'LOGBOARD_TASK', 'LOGBOARD_NONCE']),
    );
  });

  it('are three descriptors, and none of the dispatcher', async () => {
    const place = tempDirectory();
    const database = new Database(join(place, 'daemon.db'));
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE t (x)');
    const daemonLog = openSync(join(place, 'daemon.log'), 'a');
    const server = createServer().listen(join(place, 'socket'));
    onTestFinished(() => {
      database.close();
      closeSync(daemonLog);
      server.close();
    });
    const ready = join(place, 'ready');
    const { worker, run } = await spawned([child('forever.sh'), ready]);
    worker.go();
    const pid = await eventually('the worker is ready', () => readFileSync(ready, 'utf8').trim());
    const descriptors = descriptorsOf(pid);
    expect(descriptors.slice(0, 3)).toEqual(['0 /dev/null', `1 ${run.log}`, `2 ${run.log}`]);
    // Above may stand what this test run itself inherited, but nothing that it opened.
    expect(descriptors.join('\n')).not.toMatch(/^3 |socket:|daemon/m);
  });

  it('is its context as stdin, when it asks for it', async () => {
    const context = join(tempDirectory(), 'context.md');
    writeFileSync(context, '# A task\n');
    expect(await outputOf(['cat'], { stdinPath: context })).toBe('# A task\n');
  });

  it('costs the dispatcher no descriptor while it runs', async () => {
    const { worker } = await spawned(['sleep', '1000']);
    const before = readdirSync('/proc/self/fd').length;
    worker.go();
    await eventually('the gate is closed', () => readdirSync('/proc/self/fd').length < before);
  });
});

describe('a worker that cannot be started', () => {
  it('has no command', async () => {
    const { spec, run } = workerSpec(['no-such-program']);
    expect(await spawnWorker(spec)).toMatchObject({
      spawned: false,
      reason: 'no_command',
      errno: 'ENOENT',
    });
    expect(existsSync(run.log)).toBe(false);
  });

  it('has a command that may not be executed', async () => {
    const file = join(tempDirectory(), 'plain');
    writeFileSync(file, 'echo');
    expect(await spawnWorker(workerSpec([file]).spec)).toMatchObject({ reason: 'no_command' });
  });

  it('has no workspace', async () => {
    const { spec } = workerSpec(['true'], { cwd: '/no/such/place' });
    expect(await spawnWorker(spec)).toMatchObject({ reason: 'no_workspace', errno: 'ENOENT' });
  });

  it('has a file where its workspace should be', async () => {
    const { spec } = workerSpec(['true'], { cwd: child('forever.sh') });
    expect(await spawnWorker(spec)).toMatchObject({ reason: 'no_workspace', errno: 'ENOTDIR' });
  });

  it('has no log', async () => {
    const { spec } = workerSpec(['true'], { logPath: '/no/such/log' });
    expect(await spawnWorker(spec)).toMatchObject({ reason: 'unusable_file', errno: 'ENOENT' });
  });

  it('has arguments the system does not take', async () => {
    const tooLong = 'x'.repeat(4 * 1024 * 1024);
    expect(await spawnWorker(workerSpec(['true', tooLong]).spec)).toMatchObject({
      reason: 'refused',
      errno: 'E2BIG',
    });
    expect(await spawnWorker(workerSpec(['true', 'a\0b']).spec)).toMatchObject({
      reason: 'refused',
      errno: 'ERR_INVALID_ARG_VALUE',
    });
  });

  it('could not be identified, and was let go', async () => {
    const mark = join(tempDirectory(), 'mark');
    const blind = createProcessTable({
      readFile: () => {
        throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      },
      readDirectory: () => [],
    });
    const { spec, run } = workerSpec([child('leaves-mark.sh'), mark]);
    const result = await createWorkerSpawner({ table: blind, bootId })(spec);
    expect(result).toMatchObject({ reason: 'unidentified', errno: 'EMFILE' });
    await eventually('the launcher left', () => readExitStatus(run.exit) === 'not_started');
    expect(existsSync(mark)).toBe(false);
  });
});

/** What a process has open, in order of number: "<number> <target>". */
function descriptorsOf(pid: string): string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory)
    .sort((one, other) => Number(one) - Number(other))
    .map((number) => `${number} ${readlinkSync(join(directory, number))}`);
}
