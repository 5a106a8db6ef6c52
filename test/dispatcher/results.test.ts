/** What is kept of a worker's work, and what becomes of a run when that goes wrong. */
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import type { Workspaces } from '../../src/dispatcher/ports.ts';
import { aScene } from './a-dispatcher.ts';

/** A scene with one task at work, on a machine whose workspaces are partly the test's own. */
async function atWorkIn(own: Partial<Workspaces>, onExit?: { 0: 'complete' }) {
  const scene = await aScene();
  const { host } = scene.machine;
  scene.machine.host = (pid) => {
    const usual = host(pid);
    return { ...usual, workspaces: { ...usual.workspaces, ...own } };
  };
  const agent = { run: ['x'], artifacts: ['out/*'], ...(onExit && { onExit }) };
  await scene.dispatcher({ workers: { agent } }).start();
  const taskId = await scene.task();
  await scene.clock.settle();
  return { ...scene, taskId, worker: scene.machine.worker() };
}

/** Workspaces in which these files are found, but not by one who looks for them all the time. */
function holding(...paths: readonly string[]): Pick<Workspaces, 'keep'> {
  const collected = paths.map((path) => ({ path, sha256: 'a'.repeat(64), sizeBytes: 3 }));
  let looks = 0;
  return {
    async keep() {
      looks += 1;
      return { collected: looks > 100 ? [] : collected, skipped: [] };
    },
  };
}

type AtWork = Awaited<ReturnType<typeof atWorkIn>>;

/** The worker says that it is done, and leaves. */
async function completeAndExit({ board, machine, clock, worker }: AtWork) {
  const { runId } = worker;
  const commands = board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
  const tokenHash = machine.tokenHashes.get(runId);
  await commands.completeRun(runId, { summary: 'done' }, { tokenHash });
  worker.exit(0);
  await clock.advance(1_000);
}

/** What was written about the task, oldest first. */
async function commentsOn({ board, taskId }: AtWork): Promise<string[]> {
  return (await board.read()).comments(taskId).map(({ body }) => body);
}

describe('an end that the log will not take', () => {
  it('is recorded as a crash, so that the run is over', async () => {
    const scene = await atWorkIn(holding('out/a\nb'), { 0: 'complete' });
    scene.worker.exit(0);
    await scene.clock.settle();
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({
      type: 'RunCrashed',
      data: { error: expect.stringContaining('contains a control character') },
    });
    expect(scene.machine.slots.size).toBe(0);
  });

  it('is tried again after growing waits when the reason may pass', async () => {
    const scene = await aScene();
    let tries = 0;
    // Who never waits is left without an answer before it has taken the whole test.
    const forEver = new Promise<never>(() => {});
    const board = (real: Board): Board => ({
      ...real,
      as: (caller) => ({
        ...real.as(caller),
        async endRun() {
          tries += 1;
          if (tries > 100) return forEver;
          return { refused: true, code: 'wrong_status', message: 'no', hint: 'wait', facts: {} };
        },
      }),
    });
    await scene.dispatcher({ board }).start();
    await scene.task();
    await scene.clock.settle();
    scene.machine.worker().exit(1);
    // Judged after the drain; then again after 0.1, 0.2, 0.4, 0.8 and 1.6 s.
    await scene.clock.advance(2_000 + 3_200);
    expect(tries).toBe(6);
  });
});

describe('artifacts of a worker that completed by its own word', () => {
  it('are told in as many comments as it takes', async () => {
    const names = Array.from({ length: 900 }, (_, at) => `out/${'ü'.repeat(20)}-${at}.txt`);
    const scene = await atWorkIn(holding(...names));
    await completeAndExit(scene);
    const bodies = await commentsOn(scene);
    expect(bodies).toHaveLength(2);
    const told = bodies.flatMap((body) => body.split('\n').slice(1));
    expect(told.map((line) => line.split(' ').at(-1))).toEqual(names);
    expect(scene.machine.scratch.size).toBe(0);
  });

  it('stay where they are when they cannot be told', async () => {
    const scene = await atWorkIn(holding('out/a\0b'));
    await completeAndExit(scene);
    expect(await commentsOn(scene)).toEqual([]);
    expect(scene.told).toContainEqual({
      kind: 'refused',
      facts: expect.objectContaining({ runId: scene.worker.runId, code: 'invalid' }),
    });
    expect(scene.machine.scratch).toContain(scene.worker.runId);
  });

  it('are told once, also where the workspace cannot be removed', async () => {
    const removeScratch = () => Promise.reject(new Error('EPERM'));
    const scene = await atWorkIn({ ...holding('out/a'), removeScratch });
    await completeAndExit(scene);
    await scene.clock.advance(60_000);
    expect(await commentsOn(scene)).toHaveLength(1);
    expect(scene.told.filter(({ kind }) => kind === 'fault')).toHaveLength(1);
    expect(scene.machine.slots.size).toBe(0);
  });
});
