/** What is made for a worker before it starts, by the process that starts it. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NewEntry } from '../../src/dispatcher/ports.ts';
import { entriesOf } from '../../src/host/run-directory.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { endAfterTest, workerSpec } from './a-worker.ts';
import { spawnWorker } from './processes.ts';

/** A worker that is not started yet, with everything a dispatcher has made for one. */
function aWorker() {
  const { spec, run, workspace } = workerSpec(['true']);
  const given = entriesOf(run, { token: 'secret', context: '# A task\n' });
  const make: NewEntry[] = [...given, { is: 'directory', path: workspace }];
  return { spec: { ...spec, make }, run, workspace };
}

describe('what is made for a worker', () => {
  it('is there at the gate, for the owner alone', async () => {
    const { spec, run, workspace } = aWorker();
    const worker = await spawnWorker(spec);
    if (!worker.spawned) throw new Error(worker.detail);
    endAfterTest(worker.identity);
    expect(readdirSync(run.path).sort()).toEqual(['context.md', 'log', 'token']);
    expect(readFileSync(run.token, 'utf8')).toBe('secret');
    expect(readFileSync(run.context, 'utf8')).toBe('# A task\n');
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    expect([dirname(run.path), run.path, workspace].map(modeOf)).toEqual([0o700, 0o700, 0o700]);
    expect([run.token, run.context, run.log].map(modeOf)).toEqual([0o600, 0o600, 0o600]);
  });

  it('is made once, so that no second worker gets into it', async () => {
    const { spec, run } = aWorker();
    const worker = await spawnWorker(spec);
    if (!worker.spawned) throw new Error(worker.detail);
    endAfterTest(worker.identity);
    const second = await spawnWorker({ ...spec, logPath: join(tempDir(), 'log') });
    expect(second).toMatchObject({ spawned: false, reason: 'unusable_file', errno: 'EEXIST' });
    expect(readFileSync(run.token, 'utf8')).toBe('secret');
  });

  it('is no link that somebody left in its place', async () => {
    const { spec, run, workspace } = aWorker();
    mkdirSync(dirname(workspace), { recursive: true });
    symlinkSync(tempDir(), workspace);
    expect(await spawnWorker(spec)).toMatchObject({
      spawned: false,
      reason: 'unusable_file',
      errno: 'EEXIST',
    });
    expect(existsSync(run.log)).toBe(false);
  });

  it('needs a directory where it is to be', async () => {
    const { spec, run } = aWorker();
    writeFileSync(dirname(run.path), '');
    expect(await spawnWorker(spec)).toMatchObject({ reason: 'unusable_file', errno: 'ENOTDIR' });
  });
});
