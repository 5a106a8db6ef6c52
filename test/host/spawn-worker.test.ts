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
import { workerEnvironment } from '../../src/host/worker-environment.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { child, outputOf, spawned } from './a-worker.ts';
import { probe } from './processes.ts';

describe('the gate', () => {
  it('holds the command back until go', async () => {
    const mark = join(tempDir(), 'mark');
    const { worker, run } = await spawned([child('leaves-mark.sh'), mark]);
    expect(probe(worker.identity)).toMatchObject({ verdict: 'alive', nonceSeen: true });
    expect(existsSync(mark)).toBe(false);
    worker.go();
    expect(await worker.exited).toEqual({ code: 0 });
    expect(existsSync(mark)).toBe(true);
    expect(readExitStatus(run.exit)).toEqual({ code: 0 });
  });

  it('lets a worker that was abandoned leave without having done anything', async () => {
    const mark = join(tempDir(), 'mark');
    const { worker, run } = await spawned([child('leaves-mark.sh'), mark]);
    worker.abandon();
    await worker.exited;
    expect(existsSync(mark)).toBe(false);
    expect(readExitStatus(run.exit)).toBe('not_started');
    expect(readFileSync(run.log, 'utf8')).toMatch(/^logboard launcher: not started: .*\n$/);
  });

  it('survives that the launcher was killed before go', async () => {
    const { worker, run } = await spawned(['true']);
    process.kill(worker.identity.pid, 'SIGKILL');
    while (probe(worker.identity).verdict === 'alive') {
      // Without a turn of the event loop, so that `go` writes to a gate nobody holds open.
    }
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
    const ready = join(tempDir(), 'ready');
    const { worker, run } = await spawned([child('forever.sh'), ready]);
    worker.go();
    await eventually('the worker is ready', () => existsSync(ready));
    expect(readExitStatus(run.exit)).toBe('running');
    process.kill(-worker.identity.pid, 'SIGTERM');
    expect(await worker.exited).toEqual({ signal: 'SIGTERM' });
    expect(readExitStatus(run.exit)).toEqual({ signal: 'SIGTERM' });
  });

  it('does not wait for a descendant that holds the log open', async () => {
    const ready = join(tempDir(), 'ready');
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

  it('is an environment without the secrets of the dispatcher', async () => {
    const parent = {
      PATH: process.env['PATH'],
      LC_TIME: 'C',
      CANARY: 'secret',
      LOGBOARD_RUN: 'R-OUTER',
      LOGBOARD_URL: 'R-OUTER',
      WANTED: 'yes',
    };
    const environment = workerEnvironment(parent, ['WANTED', 'LOGBOARD_RUN'], {
      LOGBOARD_TASK: 'T-1',
    });
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
    const place = tempDir();
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
    // Above may stand what the worker opened or this test run inherited, but not the gate (a
    // socket), nor anything that the dispatcher opened.
    expect(descriptors.join('\n')).not.toMatch(/socket:|daemon/);
  });

  it('is its context as stdin, when it asks for it', async () => {
    const context = join(tempDir(), 'context.md');
    writeFileSync(context, '# A task\n');
    expect(await outputOf(['cat'], { stdinPath: context })).toBe('# A task\n');
  });

  it('costs the dispatcher no descriptor, at its gate or at work', async () => {
    await spawned(['sleep', '1000']);
    const before = readdirSync('/proc/self/fd').length;
    const { worker } = await spawned(['sleep', '1000']);
    worker.go();
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});

/** What a process has open, in order of number: "<number> <target>". */
function descriptorsOf(pid: string): string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory)
    .sort((one, other) => Number(one) - Number(other))
    .map((number) => `${number} ${readlinkSync(join(directory, number))}`);
}
