/** What is left of a run when the dispatcher that started it is killed. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkerIdentity } from '../../src/dispatcher/ports.ts';
import { readExitStatus } from '../../src/host/exit-status.ts';
import { runDirectory } from '../../src/host/run-directory.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { child, endAfterTest } from './a-worker.ts';
import { startDispatcher } from './dispatchers.ts';
import { probe } from './processes.ts';

async function orphanedRun(when: 'go' | 'wait', worker: readonly string[]) {
  const board = tempDir();
  const dispatcher = await startDispatcher('dispatcher.ts', [board, 'R-1', when, ...worker]);
  const identity = JSON.parse(await dispatcher.nextLine()) as WorkerIdentity;
  endAfterTest(identity);
  expect(probe(identity).verdict).toBe('alive');
  await dispatcher.killHard();
  return { run: runDirectory(board, 'R-1'), identity };
}

describe('when the dispatcher is killed', () => {
  it('before go, its worker leaves without having done anything', async () => {
    const mark = join(tempDir(), 'mark');
    const { run, identity } = await orphanedRun('wait', [child('leaves-mark.sh'), mark]);
    await eventually('the launcher has left', () => probe(identity).verdict === 'dead');
    expect(readExitStatus(run.exit)).toBe('not_started');
    expect(existsSync(mark)).toBe(false);
  });

  it('after go, its worker goes on, and how it ends is written down', async () => {
    const permission = join(tempDir(), 'permission');
    const { run, identity } = await orphanedRun('go', [child('waits-for.sh'), permission, '3']);
    await eventually('the worker runs', () => readExitStatus(run.exit) === 'running');
    expect(probe(identity).verdict).toBe('alive');
    writeFileSync(permission, '');
    await eventually('the launcher has left', () => probe(identity).verdict === 'dead');
    expect(readExitStatus(run.exit)).toEqual({ code: 3 });
  });
});
