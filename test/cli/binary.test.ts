/** The program as a shell meets it: a process with pipes, signals and an exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';

const program = await bundleChild(fileURLToPath(new URL('../../src/bin.ts', import.meta.url)));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  sees(text: string): Promise<void>;
}

function start(directory: string, argv: readonly string[], stdin = ''): Started {
  const child = spawn(process.execPath, [program, ...argv], {
    cwd: directory,
    env: { PATH: process.env['PATH'], USER: 'kai', LOGBOARD_HOME: join(directory, 'home') },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  let check = () => {};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      check();
    });
  }
  child.stdin?.end(stdin);
  return {
    child,
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal, ...said })),
    sees: (text) =>
      new Promise((resolve) => {
        check = () => (said.stdout + said.stderr).includes(text) && resolve();
        check();
      }),
  };
}

function run(directory: string, argv: readonly string[], stdin?: string): Promise<Ended> {
  return start(directory, argv, stdin).ended;
}

describe('the program', () => {
  test('answers on stdout, talks on stderr, and ends with the code of the table', async () => {
    const directory = tempDir();

    const created = await run(directory, ['create', 'Paint', '--json']);
    const refused = await run(directory, ['show', 'T-0000000000']);

    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(created.stdout)).toMatchObject({ title: 'Paint', createdBy: 'kai' });
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('error: There is no task T-0000000000.');
  });

  test('reads a body from standard input', async () => {
    const { stdout } = await run(
      tempDir(),
      ['create', 'x', '--body-file', '-', '--json'],
      'from a pipe\n',
    );

    expect(JSON.parse(stdout).body).toBe('from a pipe\n');
  });

  test('gives a slow reader everything, a long list as one document', async () => {
    const directory = tempDir();
    const body = 'y'.repeat(300_000);
    for (const title of ['x', 'y', 'z']) {
      await run(directory, ['create', title, '--body-file', '-'], body);
    }
    for (const argv of [['list', '--json'], ['events']]) {
      const { child, ended } = start(directory, argv);
      child.stdout?.pause();
      await new Promise((resolve) => child.stdout?.once('readable', resolve));
      child.stdout?.resume();

      const { stdout, code } = await ended;
      expect(code).toBe(0);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.flatMap((line) => JSON.parse(line)).length).toBeGreaterThanOrEqual(3);
      expect(stdout.split(body)).toHaveLength(4);
    }
  });

  test('ends in peace when nobody reads its output any more', async () => {
    const directory = tempDir();
    await run(directory, ['create', 'x', '--body-file', '-'], 'y'.repeat(1_000_000));
    const { child, ended } = start(directory, ['events']);

    child.stdout?.destroy();

    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['SIGINT', ['watch', '--after', '0'], 'board created', 130],
    ['SIGTERM', ['events', '-f'], 'BoardCreated', 130],
    ['SIGINT', ['serve'], 'started', 0],
    ['SIGTERM', ['serve', '--json'], 'started', 0],
    ['SIGHUP', ['serve'], 'started', 0],
  ] as const)('asked by %s to end %j does so', async (signal, argv, sign, code) => {
    const directory = tempDir();
    await run(directory, ['init']);
    const { child, ended, sees } = start(directory, argv);
    await sees(sign);

    child.kill(signal);

    expect(await ended).toMatchObject({ code, signal: null });
  });

  test('says goodbye to the board when its session drops', async () => {
    const directory = tempDir();
    await run(directory, ['init']);
    const { child, ended, sees } = start(directory, ['serve', '--json']);
    await sees('"started"');

    child.kill('SIGHUP');

    expect((await ended).stdout).toContain('"what":"stopped"');
    const { stdout } = await run(directory, ['dispatchers', '--all', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ state: 'stopped' }]);
  });
});
