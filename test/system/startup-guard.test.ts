/**
 * Nothing stale gets in: real workers, started by a real dispatcher, ask the startup guard before
 * they touch their mark, which stands for all the work that must not be done twice.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../projections/runs/row.ts';
import { beforeRecordSpawn } from '../dispatcher/a-dispatcher.ts';
import { aRealScene, type RealScene } from '../dispatcher/real-board.ts';
import { bundleChild } from '../kit/child.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';

const timeout = 60_000;
const program = (name: string) =>
  bundleChild(fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url)));
const logboard = `"${process.execPath}" "${await program('logboard')}"`;
const attached = `"${process.execPath}" "${await program('attached-worker')}"`;

/** TERM does not impress the workers: only their guard can keep them from working. */
const rules = { drainMs: 100, killGraceMs: timeout, retryBackoffMs: 10 };

/** Waits until the test opens the gate; TERM leaves a trace, and no more. */
const wait = `trap ": >$ENVIRONMENT" TERM
  while [ ! -e "$GATE" ]; do sleep 0.02; done 2>/dev/null`;

/** Says that it is there, with its environment, and waits. */
const start = `env -0 >"$ENVIRONMENT.$LOGBOARD_RUN"; echo on; ${wait}`;
const work = 'echo "$LOGBOARD_RUN" >>"$MARK"';

/** What every kind of worker does once it has been started. */
const kinds = {
  'a shell script': `${logboard} guard || exit 0; ${work}; ${logboard} complete --summary worked`,
  'a program with the library': `exec ${attached}`,
};

async function aGuardedScene(
  script: string,
  more: Parameters<RealScene['dispatch']>[1] = {},
  prepare: (scene: RealScene) => void = () => {},
) {
  const scene = await aRealScene({ ...rules, failureLimit: 2 });
  prepare(scene);
  const place = tempDir();
  const [gate, mark, environment] = ['gate', 'mark', 'environment'].map((it) => join(place, it));
  const env = { GATE: gate!, MARK: mark!, ENVIRONMENT: environment! };
  await scene.dispatch(script, { env, ...more });
  return {
    ...scene,
    openGate: () => writeFileSync(gate!, ''),
    hasHeardTerm: () => existsSync(environment!),
    /** The runs that did work, in the order in which they did. */
    marks: () => (existsSync(mark!) ? readFileSync(mark!, 'utf8').trim().split('\n') : []),
    /** The environment a worker was given. */
    environmentOf({ runId }: RunRow): Record<string, string> {
      const lines = readFileSync(`${environment}.${runId}`, 'utf8').split('\0').slice(0, -1);
      return Object.fromEntries(lines.map((line) => [line.split('=', 1)[0], afterEquals(line)]));
    },
    async failuresOf(taskId: string) {
      return (await scene.board.read()).task(taskId, scene.board.nowMs())?.failures;
    },
    async refusals(taskId: string) {
      const stored = await scene.board.log.readStream(`refused-${taskId}`);
      return stored.map(({ type, data }) => ({ type, ...JSON.parse(data) }));
    },
  };
}

function afterEquals(line: string): string {
  return line.slice(line.indexOf('=') + 1);
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a shell script in an environment, as a process that the dispatcher knows nothing of. */
function shell(script: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], { env, cwd: tempDir() }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe.each(Object.entries(kinds))('%s', (_, itself) => {
  it('whose run is taken while it starts does no work and leaves with 0; the next one works', {
    timeout,
  }, async () => {
    const scene = await aGuardedScene(`${start}; ${itself}`);
    const taskId = await scene.task();
    const stale = await scene.atWork(taskId);
    await scene.operator.reclaim(taskId, 'its host was thought dead');
    await eventually('its successor starts', async () => (await scene.runs(taskId)).length === 2);
    const successor = await scene.atWork(taskId);
    // Its guard is a program of its own, which would die of a TERM that comes late.
    await eventually('the stale one has heard TERM, and stays', scene.hasHeardTerm);
    scene.openGate();

    await scene.until(taskId, 'done');
    const exitOfStale = () => scene.host.runFiles.readExit(stale.runId);
    await eventually('the stale one has left', () => typeof exitOfStale() === 'object');
    expect(exitOfStale()).toEqual({ code: 0 });
    expect(scene.marks()).toEqual([successor.runId]);
    const [started, ...lines] = (await scene.host.runFiles.readTail(stale.runId)).split('\n');
    expect([started, ...lines]).toEqual([
      'on',
      expect.stringMatching(/^logboard guard: not mine: .*its host was thought dead/),
      '',
    ]);
    expect(await scene.refusals(taskId)).toMatchObject([
      { type: 'WriteRefused', runId: stale.runId, attempted: 'StartWorker', code: 'stale_run' },
    ]);
    expect(await scene.failuresOf(taskId)).toBe(0);
    const outcomes = (await scene.runs(taskId)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['reclaimed', 'completed']);
  });

  const confused = {
    'has lost its token': `rm "$LOGBOARD_RUN_TOKEN_FILE"; ${itself}`,
    'was started with an empty environment': `exec env -i sh -c '${itself}'`,
  };
  it.each(Object.entries(confused))(
    'that %s completes nothing by its exit code 0, and is halted',
    { timeout },
    async (_what, script) => {
      const scene = await aGuardedScene(script, { onExit: { 0: 'complete' } });
      const taskId = await scene.task();

      await scene.until(taskId, 'halted');
      expect(scene.marks()).toEqual([]);
      const runs = await scene.runs(taskId);
      expect(runs).toHaveLength(2);
      for (const { outcome, ending } of runs) {
        expect({ outcome, ending }).toMatchObject({
          outcome: 'crashed',
          ending: { exitCode: 0, error: expect.stringMatching(/could not tell .* LOGBOARD_\w+/) },
        });
      }
    },
  );
});

describe('a launcher', () => {
  it('whose run is taken before its spawn is recorded starts nothing; the next one works', {
    timeout,
  }, async () => {
    let isFirst = true;
    const takeBefore = ({ board, operator }: RealScene) => {
      const take = async () => {
        const taken = isFirst ? (await board.read()).openRuns() : [];
        isFirst = false;
        for (const { taskId } of taken) await operator.reclaim(taskId, 'not now');
      };
      const { as } = beforeRecordSpawn(take)({ ...board });
      Object.assign(board, { as });
    };
    const scene = await aGuardedScene(work, { onExit: { 0: 'complete' } }, takeBefore);
    const taskId = await scene.task();

    await scene.until(taskId, 'done');
    const [taken, successor] = await scene.runs(taskId);
    expect([taken?.outcome, successor?.outcome]).toEqual(['reclaimed', 'completed']);
    expect(scene.marks()).toEqual([successor?.runId]);
    const { readExit, readTail } = scene.host.runFiles;
    const runId = taken?.runId ?? '';
    await eventually('its launcher has left', () => readExit(runId) === 'not_started');
    expect(await readTail(runId)).toMatch(/^logboard launcher: not started: .*\n$/);
    expect(await scene.refusals(taskId)).toMatchObject([{ runId, attempted: 'RecordSpawn' }]);
    expect(await scene.failuresOf(taskId)).toBe(0);
  });
});

const guarded = `${logboard} guard || exit 0; ${work}`;

describe('a process with an environment that is not quite that of the worker', () => {
  it('works with none of the variables absent, empty or nonsense', {
    timeout,
  }, async () => {
    const scene = await aGuardedScene(start);
    const run = await scene.atWork(await scene.task());
    const given = scene.environmentOf(run);
    for (const name of [
      'LOGBOARD_BOARD',
      'LOGBOARD_TASK',
      'LOGBOARD_RUN',
      'LOGBOARD_RUN_TOKEN_FILE',
    ]) {
      const { [name]: _own, ...without } = given;
      const wrong = ['', '/nowhere/at/all'].map((value) => ({
        ...given,
        [name]: value,
      }));
      const ended = await Promise.all([without, ...wrong].map((env) => shell(guarded, env)));
      for (const each of ended) {
        expect(each).toEqual({
          code: 0,
          stdout: '',
          stderr: expect.stringMatching(/^logboard guard: not mine: [^\n]+\n$/),
        });
      }
    }
    expect(scene.marks()).toEqual([]);
    expect((await shell(guarded, given)).code).toBe(0);
    expect(scene.marks()).toEqual([run.runId]);
  });
});

describe('a grandchild that outlives its run', () => {
  const lines = [
    'guard',
    'heartbeat --note on',
    'complete --summary mine',
    'block late',
    'release',
  ];
  const beside = ['comment boo', 'create more', 'pause'];

  it('can do nothing with the environment it inherited', { timeout }, async () => {
    const tries = [...lines, ...beside].map((line) => `${logboard} ${line}; echo $? >>"$MARK"`);
    const scene = await aGuardedScene(
      `setsid sh -c '${wait}; ${tries.join('; ')}' & ${logboard} complete --summary worked`,
    );
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    await eventually('it has heard TERM, and stays', scene.hasHeardTerm);
    const { position } = await scene.board.log.head();
    scene.openGate();

    const exits = await eventually(
      'it has tried it all',
      () => {
        const all = scene.marks();
        return all.length === tries.length && all;
      },
      timeout,
    );
    expect(exits).toEqual(tries.map(() => '4'));
    const later = await scene.board.log.readAll({ after: position });
    expect(new Set(later.map(({ stream }) => stream))).toEqual(new Set([`refused-${taskId}`]));
    expect(later).toHaveLength(tries.length);
    expect((await scene.runs(taskId))[0]).toMatchObject({
      outcome: 'completed',
      ending: { summary: 'worked' },
    });
  });
});
