/** The dispatcher with real workers, real signals and a real log. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashToken } from '../../src/host/ids.ts';
import { eventually } from '../kit/eventually.ts';
import { aRealScene, type RealScene, tokenPath } from './real-board.ts';

/** A policy under which a test need not wait. */
const quick = { drainMs: 100, killGraceMs: 300, retryBackoffMs: 10 };
const script = { onExit: { 0: 'complete', 75: 'retry', '*': 'fail' } } as const;

/** Whether any process of a worker is left. */
function isGone({ host }: RealScene, run: { process: unknown }): boolean {
  const process = run.process as { pid: number; startTime: string; bootId: string; nonce: string };
  const leader = { ...process, startTime: Number(process.startTime) };
  return host.processes.family(leader)?.length === 0;
}

describe('a script', () => {
  it('is done when it exits with 0, and hands on its last line and its files', async () => {
    const scene = await aRealScene(quick);
    const artifacts = ['result.txt'];
    await scene.dispatch('echo 42 >result.txt; echo starting; echo the answer', {
      ...script,
      artifacts,
    });
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    const [run] = await scene.runs(taskId);
    expect(run?.ending).toMatchObject({
      summary: 'the answer',
      artifacts: [{ name: 'result.txt', bytes: 3 }],
    });
    expect(readdirSync(join(scene.directory, 'artifacts'))).toHaveLength(1);
    await eventually('the scratch is gone', () => !existsSync(run?.process?.workspace ?? ''));
    await eventually('the slot is free', () => scene.host.slots.list().length === 0);
  });

  it('is tried again after a kill -9, and its second attempt counts', async () => {
    const scene = await aRealScene(quick);
    await scene.dispatch('[ "$LOGBOARD_ATTEMPT" = 1 ] && kill -9 $$; echo survived', script);
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    const [first, second] = await scene.runs(taskId);
    expect(first).toMatchObject({ outcome: 'crashed', ending: { signal: 'SIGKILL' } });
    expect(second).toMatchObject({ outcome: 'completed', ending: { summary: 'survived' } });
  });

  it('that says nothing and exits with 0 has broken the protocol', async () => {
    const scene = await aRealScene({ ...quick, failureLimit: 1 });
    await scene.dispatch('echo bye');
    const taskId = await scene.task();
    await scene.until(taskId, 'halted');
    expect((await scene.runs(taskId))[0]).toMatchObject({
      outcome: 'protocol_violated',
      ending: { evidence: { exit: { code: 0 }, seen: 'by parent' } },
    });
  });

  it('that exits with 75 is held for a while', async () => {
    const scene = await aRealScene(quick);
    await scene.dispatch('exit 75');
    const taskId = await scene.task();
    await scene.until(taskId, 'scheduled');
    const queries = await scene.board.read();
    expect(queries.task(taskId, scene.board.nowMs())).toMatchObject({
      hold: 'rate_limit',
      failures: 0,
    });
  });

  it('that does not exist is a spawn that failed', async () => {
    const scene = await aRealScene({ ...quick, failureLimit: 1 });
    await scene.dispatch('', { run: ['/no/such/program'] });
    const taskId = await scene.task();
    await scene.until(taskId, 'halted');
    const [run] = await scene.runs(taskId);
    expect(run).toMatchObject({ outcome: 'spawn_failed', ending: { errno: 'ENOENT' } });
  });

  it('finds its task in its environment and in its context file', async () => {
    const scene = await aRealScene(quick);
    await scene.dispatch('grep -c hull "$LOGBOARD_CONTEXT_FILE"; echo "$LOGBOARD_TASK"', script);
    const taskId = await scene.task({ title: 'Paint the hull' });
    await scene.until(taskId, 'done');
    expect((await scene.runs(taskId))[0]?.ending?.summary).toBe(taskId);
  });
});

describe('a worker that has to go', () => {
  it('is killed at its longest runtime when it ignores TERM', async () => {
    const scene = await aRealScene({ ...quick, failureLimit: 1 });
    await scene.dispatch("trap '' TERM; echo on; while :; do sleep 1; done", {
      maxRuntime: '200ms',
    });
    const taskId = await scene.task();
    const run = await scene.atWork(taskId);
    await scene.until(taskId, 'halted');
    expect((await scene.runs(taskId))[0]).toMatchObject({
      outcome: 'timed_out',
      ending: { limitMs: 200, evidence: { worker: { is: 'alive' } } },
    });
    await eventually('its processes are gone', () => isGone(scene, run));
    await eventually('the slot is free', () => scene.host.slots.list().length === 0);
  });

  it('goes with all its descendants when an operator archives its task', async () => {
    const scene = await aRealScene(quick);
    await scene.dispatch('setsid sleep 1000 & sleep 1000 & echo on; wait');
    const taskId = await scene.task();
    const run = await scene.atWork(taskId);
    await scene.operator.archive(taskId);
    await eventually('its processes are gone', () => isGone(scene, run));
    expect((await scene.runs(taskId))[0]?.outcome).toBe('canceled');
  });

  it('loses its run when it is stopped, and may not complete it when it wakes', async () => {
    const scene = await aRealScene({ ...quick, killGraceMs: 60_000, claimTtlMs: 300 });
    await scene.dispatch(
      '[ "$LOGBOARD_ATTEMPT" = 1 ] && { echo on; kill -STOP $$; }; echo again',
      script,
    );
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    const [first, second] = await scene.runs(taskId);
    expect(first).toMatchObject({
      outcome: 'reclaimed',
      ending: {
        reason: expect.stringContaining('stopped'),
        evidence: { worker: { is: 'stopped', states: expect.stringMatching(/^T+$/) } },
      },
    });
    expect(second?.outcome).toBe('completed');
    const { runId } = first as { runId: string };
    const token = readFileSync(tokenPath(scene.directory, runId), 'utf8');
    const late = scene.board.as({ actor: { kind: 'worker', id: runId }, surface: 'cli' });
    const answer = await late.completeRun(runId, {}, { tokenHash: hashToken(token) });
    expect(answer).toMatchObject({ refused: true, code: 'stale_run' });
  });
});

describe('a worker whose dispatcher leaves', () => {
  it('is adopted by the next, and its exit code is not lost', async () => {
    const scene = await aRealScene({ ...quick, failureLimit: 1 });
    const work = 'echo on; while [ ! -e leave ]; do sleep 0.02; done; exit 42';
    const first = await scene.dispatch(work);
    const taskId = await scene.task();
    const run = await scene.atWork(taskId);
    await first.stop();
    expect(isGone(scene, run)).toBe(false);
    await scene.dispatch(work);
    writeFileSync(join(run.process?.workspace ?? '', 'leave'), '');
    await scene.until(taskId, 'halted');
    const [ended] = await scene.runs(taskId);
    expect(ended).toMatchObject({ outcome: 'crashed', ending: { exitCode: 42 } });
  });

  it('may exit while nobody is there: the next one reads how', async () => {
    const scene = await aRealScene(quick);
    const first = await scene.dispatch('echo on; sleep 0.2; echo done', script);
    const taskId = await scene.task();
    const run = await scene.atWork(taskId);
    await first.stop();
    await eventually('it has exited', () => isGone(scene, run));
    await scene.dispatch('exit 1', script);
    await scene.until(taskId, 'done');
    expect((await scene.runs(taskId))[0]?.ending?.summary).toBe('done');
  });
});
