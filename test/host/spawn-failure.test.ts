/** Every way in which a worker cannot be started is an answer, and leaves nothing behind. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExitStatus } from '../../src/host/exit-status.ts';
import { findProgram } from '../../src/host/find-program.mjs';
import { createLaunchers } from '../../src/host/launchers.ts';
import { createProcessTable } from '../../src/host/process-table.ts';
import { createWorkerSpawner } from '../../src/host/spawn-worker.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { child, workerSpec } from './a-worker.ts';
import { startDispatcher } from './dispatchers.ts';
import { bootId, spawnWorker } from './processes.ts';

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

  it('has a relative command that its workspace does not hold, and is told where', async () => {
    const cwd = tempDir();
    const detail = `there is no executable program "./here.sh" in the workspace ${cwd}`;
    expect(await spawnWorker(workerSpec(['./here.sh'], { cwd }).spec)).toMatchObject({
      reason: 'no_command',
      detail: expect.stringContaining(detail),
    });
  });

  it('has the name of a shell’s builtin for a command', async () => {
    expect(await spawnWorker(workerSpec(['exit', '0']).spec)).toMatchObject({
      spawned: false,
      reason: 'no_command',
    });
  });

  it('has a command that may not be executed', async () => {
    const file = join(tempDir(), 'plain');
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

  it('meets a dispatcher that is out of descriptors, and survives', async () => {
    const dispatcher = await startDispatcher('starves.ts', [tempDir()], { descriptorsMax: 64 });
    expect(JSON.parse(await dispatcher.nextLine())).toMatchObject({
      spawned: false,
      reason: 'refused',
      errno: 'EMFILE',
    });
    expect(JSON.parse(await dispatcher.nextLine())).toMatchObject({ spawned: true });
  });

  it('could not be identified, and was let go', async () => {
    const mark = join(tempDir(), 'mark');
    const blind = createProcessTable({
      readFile: () => {
        throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      },
      readDirectory: () => [],
    });
    const { spec, run } = workerSpec([child('leaves-mark.sh'), mark]);
    const result = await createWorkerSpawner({
      launchers: createLaunchers(),
      table: blind,
      bootId,
    })(spec);
    expect(result).toMatchObject({ reason: 'unidentified', errno: 'EMFILE' });
    await eventually('the launcher left', () => readExitStatus(run.exit) === 'not_started');
    expect(existsSync(mark)).toBe(false);
  });
});

describe('a program', () => {
  /** A workspace with an executable `tool`, and one in a directory of programs beside it. */
  function world() {
    const cwd = tempDir();
    const programs = join(cwd, 'programs');
    mkdirSync(programs);
    for (const path of [join(cwd, 'tool'), join(programs, 'tool')]) {
      writeFileSync(path, '#!/bin/sh\n');
      chmodSync(path, 0o755);
    }
    return { cwd, programs };
  }

  it('with a bare name is looked up along the path', () => {
    const { cwd, programs } = world();
    const searchPath = `/nowhere:${programs}:/usr/bin`;
    expect(findProgram('tool', { cwd, searchPath })).toBe(join(programs, 'tool'));
  });

  it('is not taken from the workspace by a relative entry of the path', () => {
    const { cwd } = world();
    expect(findProgram('tool', { cwd, searchPath: '.::programs' })).toBeUndefined();
  });

  it('with a slash in its name is found from the workspace', () => {
    const { cwd, programs } = world();
    expect(findProgram('./tool', { cwd, searchPath: '' })).toBe(join(cwd, 'tool'));
    expect(findProgram('programs/tool', { cwd, searchPath: '' })).toBe(join(programs, 'tool'));
  });

  it.each(['', '.', '..', '/', 'programs/'])('is not %o', (name) => {
    const { cwd, programs } = world();
    expect(findProgram(name, { cwd, searchPath: programs })).toBeUndefined();
  });
});
