/** Real workers that do what workers should not: each ends as it must, and the log says why. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../projections/runs/row.ts';
import { hashToken } from '../../src/host/ids.ts';
import { createProcessTable, hasEnded } from '../../src/host/process-table.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { aGate } from './a-gate.ts';
import { openWaters } from './other-processes.ts';
import { aRealScene, type RealScene, tokenPath } from './real-board.ts';

const quick = { drainMs: 100, killGraceMs: 300, retryBackoffMs: 10, failureLimit: 1 };
const table = createProcessTable();
const script = { onExit: { 0: 'complete', '*': 'fail' } } as const;

/** A process that leaves its parents, its session and its streams, and works on. */
function aRunaway() {
  const path = join(tempDir(), 'pid');
  return {
    /** What a worker does to have it, and to know that it has gone its own way. */
    start: [
      `(setsid sh -c 'echo $$ >${path}; exec sleep 1000' <&- >&- 2>&- &)`,
      `until [ -s ${path} ]; do sleep 0.01; done`,
    ].join('; '),
    hasStarted: () => existsSync(path) && statSync(path).size > 0,
    isThere: () => isThere(Number(readFileSync(path, 'utf8'))),
  };
}

/** The last attempt at a task. */
async function lastRun(scene: Pick<RealScene, 'runs'>, taskId: string): Promise<RunRow> {
  return (await scene.runs(taskId)).at(-1) as RunRow;
}

/** The word of a worker that completes its run. */
function completion(scene: RealScene, { runId }: RunRow) {
  const tokenHash = hashToken(readFileSync(tokenPath(scene.directory, runId), 'utf8').trim());
  const worker = scene.board.as({ actor: { kind: 'worker', id: runId }, surface: 'cli' });
  return () => worker.completeRun(runId, { summary: 'mine' }, { tokenHash });
}

describe('a worker that', () => {
  it('prints without end costs no more than its cap, and is done when it is done', async () => {
    const logBytesMax = 1024 ** 2;
    const bytes = Number(process.env['LOGBOARD_TEST_OUTPUT_BYTES'] ?? 200 * 1024 ** 2);
    const scene = await aRealScene({ ...quick, logBytesMax });
    // What is printed in the very moment in which the log is cut is lost: the last word waits.
    await scene.dispatch(`yes flood | head -c ${bytes}; sleep 1; echo; echo the end`, script);
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    const run = await lastRun(scene, taskId);
    expect(run.ending).toMatchObject({ summary: 'the end' });
    const files = ['log', 'log.1'].map((name) => join(scene.directory, 'runs', run.runId, name));
    await eventually('it is cut', () => {
      const sizes = files.map((path) => statSync(path).size);
      return sizes.reduce((sum, size) => sum + size, 0) <= logBytesMax;
    });
  });

  it('closes its streams is judged by its exit code', async () => {
    const scene = await aRealScene(quick);
    await scene.dispatch('exec <&- >&- 2>&-; exit 3', script);
    const taskId = await scene.task();
    await scene.until(taskId, 'halted');
    expect(await lastRun(scene, taskId)).toMatchObject({
      outcome: 'crashed',
      ending: { exitCode: 3, evidence: { exit: { code: 3 }, seen: 'by parent' } },
    });
  });

  it('leaves a process that escaped is done, and the process goes with the run', async () => {
    const scene = await aRealScene(quick);
    const runaway = aRunaway();
    await scene.dispatch(runaway.start, script);
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    await eventually('nobody is left', () => !runaway.isThere());
    await eventually('the slot is free', () => scene.host.slots.list().length === 0);
  });

  it('is slow keeps its one run for ten leases', async () => {
    const claimTtlMs = 300;
    const scene = await aRealScene({ ...quick, claimTtlMs });
    await scene.dispatch(`sleep ${(10 * claimTtlMs) / 1_000}`, script);
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    expect(await scene.runs(taskId)).toMatchObject([{ outcome: 'completed', attempt: 1 }]);
    const story = await scene.board.log.readStream(`task-${taskId}`);
    // How many depends on how often the machine lets the dispatcher look.
    expect(story.map(({ type }) => type)).toContain('LeaseExtended');
  });

  it('exits in the moment in which it completes has completed, every time', async () => {
    const crew = 50;
    const rounds = Number(process.env['LOGBOARD_TEST_WORKERS'] ?? 50) / crew;
    const gate = aGate();
    const scene = await aRealScene({ ...quick, drainMs: 2_000, maxRunning: crew });
    await scene.dispatch(gate.wait);
    for (let round = 0; round < rounds; round += 1) {
      const tasks = await Promise.all(Array.from({ length: crew }, () => scene.task()));
      const runs = await Promise.all(tasks.map((taskId) => started(scene, taskId)));
      const hasLeft = (run: RunRow) => !isThere(run.process?.pid ?? 0);
      // Every other word is on its way already when its worker leaves, the rest comes after it.
      const words = runs.map(async (run, n) => {
        const say = completion(scene, run);
        if (n % 2 > 0) await eventually('it has left', () => hasLeft(run));
        return say();
      });
      await gate.letThrough('all have left', () => runs.every(hasLeft));
      const answers = await Promise.all(words);
      expect(answers.filter(({ refused }) => refused)).toEqual([]);
      for (const taskId of tasks) {
        expect(await scene.runs(taskId)).toMatchObject([
          { outcome: 'completed', endedBy: { kind: 'worker' } },
        ]);
      }
    }
  });
});

describe('a process that escaped from a worker', () => {
  /** A run whose dispatcher was killed, with a runaway at large. */
  async function abandoned(worker: 'leaves' | 'stays') {
    const runaway = aRunaway();
    const rest = worker === 'stays' ? 'exec sleep 1000' : 'exit 0';
    const run = ['sh', '-c', `${runaway.start}; ${rest}`];
    const waters = await openWaters({ script: { run } }, { ...quick, drainMs: 60_000 });
    const dispatcher = await waters.dispatch();
    const taskId = await waters.task();
    await eventually('it runs away', runaway.hasStarted);
    await dispatcher.killHard();
    return { ...waters, taskId, runaway };
  }

  it.each(['leaves', 'stays'] as const)(
    'is ended by the next dispatcher, when its worker %s and its run was ended meanwhile',
    async (worker) => {
      const { operator, dispatch, runaway, taskId } = await abandoned(worker);
      await operator.archive(taskId);
      expect(runaway.isThere()).toBe(true);
      await dispatch();
      await eventually('nobody is left', () => !runaway.isThere());
    },
  );

  it.each(['leaves', 'stays'] as const)(
    'is ended by the next dispatcher, when its worker %s and its run is ended then',
    async (worker) => {
      const { operator, dispatch, runaway, taskId } = await abandoned(worker);
      const next = await dispatch();
      await eventually('it is adopted', () => next.told.some(({ kind }) => kind === 'adopted'));
      expect(runaway.isThere()).toBe(true);
      await operator.archive(taskId);
      await eventually('nobody is left', () => !runaway.isThere());
    },
  );
});

/** The run of a task, once its worker was let go. */
function started(scene: RealScene, taskId: string): Promise<RunRow> {
  return eventually(`${taskId} is at work`, async () => {
    const run = await lastRun(scene, taskId);
    return run?.startedAtMs == null ? undefined : run;
  });
}

/** Whether a process is there that has not ended. */
function isThere(pid: number): boolean {
  const sight = table.stat(pid);
  return sight.seen && !hasEnded(sight.value);
}
