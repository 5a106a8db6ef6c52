/** Real workers that never succeed, and more of them than may run at once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.ts';
import { aRealScene } from './real-board.ts';

/** A policy under which a test need not wait; every budget is two. */
const quick = {
  drainMs: 50,
  killGraceMs: 300,
  retryBackoffMs: 10,
  rateLimitHoldMs: 10,
  recoveryLimit: 2,
  releaseLimit: 2,
  holdLimit: 2,
};

describe.each([
  ['leaves with 0 and no answer', 'exit 0', 'protocol_violated'],
  ['leaves with 1', 'exit 1', 'crashed'],
  ['breaks down', 'kill -SEGV $$', 'crashed'],
  ['is killed', 'kill -KILL $$', 'crashed'],
  ['is rate limited', 'exit 75', 'rate_limited'],
  ['gives its task back', 'exit 9', 'released'],
  ['stands still', 'kill -STOP $$', 'reclaimed'],
] as const)('a worker that %s', (_what, script, outcome) => {
  it('is started twice for each task, and then waits for a person', async () => {
    const scene = await aRealScene({ ...quick, claimTtlMs: 300 });
    await scene.dispatch(script, { onExit: { 9: 'release' } });
    const tasks = [await scene.task(), await scene.task()];
    for (const taskId of tasks) {
      await scene.until(taskId, 'halted');
      const outcomes = (await scene.runs(taskId)).map((run) => run.outcome);
      expect(outcomes).toEqual([outcome, outcome]);
    }
  });
});

it('a program that is broken for everybody is probed, until it works again', async () => {
  const scene = await aRealScene({ ...quick, holdLimit: 20, probeAfterMs: 150 });
  const mended = join(scene.directory, 'mended');
  await scene.dispatch('test -e "$LOGBOARD_BOARD/mended" || exit 3', {
    onExit: { 0: 'complete', '*': 'fail' },
  });
  const tasks: string[] = [];
  for (let n = 0; n < 12; n += 1) tasks.push(await scene.task());
  const rows = async () => (await scene.board.read()).tasks({ ids: tasks }, {}, Date.now());
  const probes = async () => (await rows()).filter(({ interruptions }) => interruptions.holds > 0);
  await eventually('two probes have failed', async () => (await probes()).length >= 2);
  expect((await rows()).filter(({ failures }) => failures > 0).length).toBeLessThanOrEqual(5);
  writeFileSync(mended, '');
  for (const taskId of tasks) await scene.until(taskId, 'done');
});

it('two dispatchers with a crowd before them keep to the cap of the host', async () => {
  const scene = await aRealScene({ ...quick, maxRunning: 3 });
  // Each worker leaves a name while it is there, and counts the names.
  const here = join(scene.directory, 'here');
  mkdirSync(here);
  const look = `touch ${here}/$$; sleep 0.05; seen=$(ls ${here} | wc -l)`;
  const script = `${look}; rm ${here}/$$; echo $seen`;
  const tasks: string[] = [];
  for (let n = 0; n < 18; n += 1) tasks.push(await scene.task());
  for (let n = 0; n < 2; n += 1) {
    await scene.dispatch(script, { onExit: { 0: 'complete' } });
  }
  for (const taskId of tasks) await scene.until(taskId, 'done');
  const runs = (await Promise.all(tasks.map(scene.runs))).flat();
  expect(runs).toHaveLength(18);
  expect(Math.max(...runs.map(({ ending }) => Number(ending?.summary)))).toBeLessThanOrEqual(3);
});
