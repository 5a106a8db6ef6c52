/** Real workers by the hundred: whatever is out of order, no zombie stays and nobody is missed. */
import { describe, expect, it } from 'vitest';
import type { ReapedChild } from '../../src/dispatcher/reaper.ts';
import { eventually } from '../kit/eventually.ts';
import { aGate } from './a-gate.ts';
import { openWaters } from './other-processes.ts';
import { aRealScene } from './real-board.ts';
import { childrenOf, spawnerOf, zombiesOf } from './relatives.ts';
import { aTroubledBoard, type Trouble } from './troubled-board.ts';

const rules = { drainMs: 50, retryBackoffMs: 10, killGraceMs: 300 };
const script = { onExit: { 0: 'complete' } } as const;

describe('children', () => {
  const crew = 25;
  const rounds = Number(process.env['LOGBOARD_TEST_WORKERS'] ?? 100) / crew;

  it('are reaped, all and once, while log, tables and plans are out of order', async () => {
    const troubled = aTroubledBoard();
    const gate = aGate();
    const reaped: ReapedChild[] = [];
    let spawned = 0;
    const scene = await aRealScene(
      { ...rules, maxRunning: crew },
      {
        open: troubled.open,
        report(kind, facts) {
          if (kind === 'spawned') spawned += 1;
          if (kind === 'reaped') reaped.push(...(facts['children'] as unknown as ReapedChild[]));
          // Who listens is out of order all the time.
          throw new Error('nobody can be told');
        },
      },
    );
    await scene.dispatch(gate.wait, script);
    for (let round = 1; round <= rounds; round += 1) {
      const count = round * crew;
      const tasks = await Promise.all(Array.from({ length: crew }, () => scene.task()));
      await eventually(`${count} are at work`, () => spawned === count);
      troubled.trouble = (['log', 'tables', 'plan'] as const)[round % 3] as Trouble;
      await gate.letThrough(`${count} are reaped`, () => reaped.length === count);
      const parents = [process.pid, await spawnerOf(process.pid)];
      expect(parents.flatMap(zombiesOf)).toEqual([]);
      troubled.trouble = undefined;
      for (const taskId of tasks) await scene.until(taskId, 'done');
    }
    expect(new Set(reaped.map(({ pid, startTime }) => `${pid} ${startTime}`)).size).toBe(
      rounds * crew,
    );
    expect(reaped.every(({ exit }) => 'code' in exit && exit.code === 0)).toBe(true);
  }, 120_000);

  it('are reaped while their dispatcher stands still, and told when it goes on', async () => {
    const gate = aGate();
    const workers = { script: { run: ['sh', '-c', gate.wait], ...script } };
    const waters = await openWaters(workers, { ...rules, maxRunning: crew });
    const dispatcher = await waters.dispatch();
    for (let n = 0; n < crew; n += 1) await waters.task();
    const count = (what: string) => dispatcher.told.filter(({ kind }) => kind === what).length;
    await eventually('all are at work', () => count('spawned') === crew);
    const spawner = await spawnerOf(dispatcher.pid);
    dispatcher.process.kill('SIGSTOP');
    await gate.letThrough('all have gone', () => childrenOf(spawner).length === 0);
    expect(count('reaped')).toBe(0);
    dispatcher.process.kill('SIGCONT');
    await eventually('all are told', () => {
      const batches = dispatcher.told.filter(({ kind }) => kind === 'reaped');
      return batches.at(-1)?.facts['total'] === crew;
    });
    await dispatcher.stop();
    const goodbye = dispatcher.told.find(({ kind }) => kind === 'stopped');
    expect(goodbye?.facts).toMatchObject({ reaped: crew });
  });

  it('would be seen as zombies if nobody waited for them', async () => {
    const gate = aGate();
    const scene = await aRealScene(rules);
    await scene.dispatch(gate.wait, script);
    const taskId = await scene.task();
    const run = await eventually('it is at work', async () => {
      const [first] = await scene.runs(taskId);
      return first && scene.host.runFiles.readExit(first.runId) === 'running' ? first : undefined;
    });
    const spawner = await spawnerOf(process.pid);
    process.kill(spawner, 'SIGSTOP');
    await gate.letThrough('a zombie', () => zombiesOf(spawner).length === 1);
    expect(zombiesOf(spawner)).toEqual([run.process?.pid]);
    process.kill(spawner, 'SIGCONT');
    await scene.until(taskId, 'done');
    expect(zombiesOf(spawner)).toEqual([]);
  });
});
