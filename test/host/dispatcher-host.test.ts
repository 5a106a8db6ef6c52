/** The host a dispatcher gets, end to end: one worker from its claim on a slot to its last word. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DispatcherHost } from '../../src/host/dispatcher-host.ts';
import { openDispatcherHost } from '../../src/host/dispatcher-host.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { child, endAfterTest } from './a-worker.ts';

async function open(home = tempDir()): Promise<{ host: DispatcherHost; boardDirectory: string }> {
  const boardDirectory = join(home, 'boards', 'one');
  const host = await openDispatcherHost({
    home,
    boardDirectory,
    environment: { PATH: process.env['PATH'], SECRET: 'secret' },
    capabilities: ['gpu'],
    projectDirectory: home,
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(() => host.close());
  return { host, boardDirectory };
}

/** A worker of a run, prepared the way the dispatcher prepares it. */
async function spawn(host: DispatcherHost, argv: readonly string[]) {
  const runId = host.ids.runId();
  const nonce = `${runId}.${host.ids.nonce()}`;
  const workspace = await host.workspaces.prepare({ taskId: 'T-1', runId, kind: 'scratch' });
  const { paths, ...given } = host.runFiles.plan(runId, { token: 'token', context: '' });
  const make = [...given.make, ...workspace.make];
  const cwd = workspace.path;
  const environment = host.environment([], { LOGBOARD_RUN: runId });
  const files = { logPath: paths.log, statusPath: paths.exit };
  const worker = await host.processes.spawn({ make, argv, cwd, environment, nonce, ...files });
  if (!worker.spawned) {
    throw new Error(worker.detail);
  }
  endAfterTest(worker.identity);
  return { runId, nonce, cwd, worker };
}

describe('a host', () => {
  it('knows its own process and what it is capable of', async () => {
    const { host } = await open();
    expect(host.self).toMatchObject({ pid: process.pid, bootId: host.bootId });
    expect(host.processes.probe(host.self)).toMatchObject({ verdict: 'alive' });
    expect(host.capabilities).toEqual(['gpu']);
    expect(host.processes.ageMs(host.self)).toBeGreaterThan(0);
    const later = { ...host.self, startTime: host.self.startTime + 1e9 };
    expect(host.processes.ageMs(later)).toBe(0);
  });

  it('is the same for every dispatcher of one home', async () => {
    const home = tempDir();
    const [one, other] = [await open(home), await open(home)];
    expect(other.host.hostId).toBe(one.host.hostId);
  });

  it('carries one run through', async () => {
    const { host, boardDirectory } = await open();
    const permission = join(boardDirectory, 'permission');
    const { runId, nonce, cwd, worker } = await spawn(host, [
      child('waits-for.sh'),
      permission,
      '3',
    ]);
    const slot = { nonce, boardDirectory, holder: host.self };
    expect(await host.slots.acquire(slot, 1)).toBe(true);
    expect(await host.slots.rebind(nonce, worker.identity)).toBe(true);
    const uncap = host.runFiles.cap(runId, 1_000_000);
    worker.go();
    expect(host.processes.family(worker.identity)?.map(({ pid }) => pid)).toContain(
      worker.identity.pid,
    );
    expect(host.processes.ageMs(worker.identity)).toBeLessThanOrEqual(
      host.processes.ageMs(host.self),
    );

    writeFileSync(join(cwd, 'result.md'), '# Done\n');
    writeFileSync(permission, '');
    expect(await worker.exited).toEqual({ code: 3 });
    await uncap();
    expect(host.runFiles.readExit(runId)).toEqual({ code: 3 });

    const { collected } = await host.workspaces.keep(cwd, ['*.md']);
    const [artifact] = collected;
    const stored = join(boardDirectory, 'artifacts', artifact?.sha256 ?? '');
    expect(readFileSync(stored, 'utf8')).toBe('# Done\n');
    await host.workspaces.removeScratch(runId);
    expect(existsSync(cwd)).toBe(false);

    expect(await host.processes.end(worker.identity, 100)).toMatchObject({ outcome: 'was_gone' });
    await host.slots.release(nonce);
    expect(host.slots.list()).toEqual([]);
  });

  it('reads the last words and the amount of output', async () => {
    const { host } = await open();
    const { runId, worker } = await spawn(host, ['sh', '-c', 'echo "$SECRET" of "$LOGBOARD_RUN"']);
    expect(host.runFiles.outputBytes(runId)).toBe(0);
    worker.go();
    await worker.exited;
    expect(await host.runFiles.readTail(runId)).toBe(` of ${runId}\n`);
    expect(host.runFiles.outputBytes(runId)).toBe(` of ${runId}\n`.length);
  });

  it('puts tasks without a place of their own into the project', async () => {
    const { host, boardDirectory } = await open();
    const wanted = { taskId: 'T-1', runId: 'R-1' };
    const project = join(boardDirectory, '..', '..');
    expect(await host.workspaces.prepare({ ...wanted, kind: 'dir' })).toMatchObject({
      path: project,
    });
    const elsewhere = join(project, 'elsewhere');
    expect(
      await host.workspaces.prepare({ ...wanted, kind: 'dir', path: elsewhere }),
    ).toMatchObject({
      path: elsewhere,
    });
  });
});
