/** Dispatchers whose rules change while they work: another policy, other worker definitions. */
import { describe, expect, it } from 'vitest';
import type { WorkerDefinitionInput } from '../../src/dispatcher/worker-definition.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { aScene, definitionsOf, usualWorkers } from './a-dispatcher.ts';

/** What is written anew. */
interface Written {
  readonly rules?: Partial<Policy>;
  readonly workers?: Readonly<Record<string, WorkerDefinitionInput>>;
}

/** A board with a dispatcher on it, and a way to give it other rules. */
async function aHarbour(rules: Partial<Policy> = {}) {
  const scene = await aScene(rules);
  await scene.operator.changeBoard({ type: 'CreateBoard', name: 'harbour', epoch: 'epoch-1' });
  let definitions = definitionsOf(usualWorkers);
  const dispatcher = scene.dispatcher({ definitions: () => definitions });
  await dispatcher.start();

  async function change({ rules: given, workers = usualWorkers }: Written): Promise<void> {
    const policy = { ...scene.policy, ...given };
    const next = { policy, definitions: definitionsOf(workers), capabilities: [] };
    await dispatcher.announce(next);
    scene.policy = policy;
    definitions = next.definitions;
    dispatcher.nudge();
    await scene.clock.settle();
  }

  const changes = async () =>
    (await scene.events('board')).filter((type) => type === 'PolicyChanged').length;
  return { scene, dispatcher, change, changes };
}

const { agent, script } = usualWorkers as Record<'agent' | 'script', WorkerDefinitionInput>;

describe('a dispatcher that is given other rules', () => {
  it('says so in the log once, in its own name', async () => {
    const { scene, change, changes } = await aHarbour();
    await change({});
    expect(await changes()).toBe(0);
    const next = { rules: { maxRunning: 5 }, workers: { ...usualWorkers, rig: { run: ['rig'] } } };
    await change(next);
    await change(next);
    expect(await changes()).toBe(1);
    expect(await scene.last('board')).toMatchObject({
      type: 'PolicyChanged',
      data: {
        policy: { maxRunning: 5 },
        dispatcher: { id: 'D-1', assignees: ['agent', 'rig', 'script'] },
      },
      meta: { actor: { kind: 'dispatcher', id: 'D-1' }, surface: 'dispatcher' },
    });
    const [row] = (await scene.board.read()).dispatchers();
    expect(row).toMatchObject({ policy: { maxRunning: 5 }, assignees: ['agent', 'rig', 'script'] });
  });

  it('says so again when it returns to what it acted by before', async () => {
    const { change, changes } = await aHarbour();
    await change({ rules: { maxRunning: 5 } });
    await change({ rules: { maxRunning: 3 } });
    expect(await changes()).toBe(2);
  });

  it('says nothing of what the log does not tell of a dispatcher, such as a command', async () => {
    const { change, changes } = await aHarbour();
    await change({ workers: { agent: { run: ['agent', '--new'] }, script } });
    expect(await changes()).toBe(0);
  });

  it('starts what waited for a place', async () => {
    const { scene, change } = await aHarbour({ maxRunning: 1 });
    const [first, second] = [await scene.task(), await scene.task()];
    await scene.clock.settle();
    expect(await scene.status(second)).toBe('ready');
    await change({ rules: { maxRunning: 2 } });
    expect(await scene.status(first)).toBe('running');
    expect(await scene.status(second)).toBe('running');
  });

  it('starts the workers of a new definition, and the new command of an old one', async () => {
    const { scene, change } = await aHarbour();
    await scene.task({ assignee: 'rig' });
    await change({ workers: { agent: { run: ['agent', '--new'] }, rig: { run: ['rig'] } } });
    expect(scene.machine.worker().spec.argv).toEqual(['rig']);
    await scene.task();
    await scene.clock.settle();
    expect(scene.machine.worker().spec.argv).toEqual(['agent', '--new']);
  });

  it('lets workers go on to their end whose definition is gone, and starts no more', async () => {
    const { scene, change } = await aHarbour();
    const atWork = await scene.task({ assignee: 'script' });
    await scene.clock.settle();
    const worker = scene.machine.worker();
    await change({ workers: { agent } });
    const waiting = await scene.task({ assignee: 'script' });
    await scene.clock.advance(60_000);
    expect(await scene.status(waiting)).toBe('ready');
    worker.exit(0);
    await scene.clock.settle();
    // Its exit means what it meant when it was started.
    expect(await scene.status(atWork)).toBe('done');
    expect(await scene.status(waiting)).toBe('ready');
    expect(scene.told.filter(({ kind }) => kind === 'fault')).toEqual([]);
  });

  it('times a worker by the definition that it was started with', async () => {
    const workers = { agent: { run: ['agent'], maxRuntime: '1h' } };
    const { scene, change } = await aHarbour();
    await change({ workers });
    const taskId = await scene.task();
    await scene.clock.settle();
    await change({ workers: { agent: { run: ['agent'], maxRuntime: '1m' } } });
    await scene.clock.advance(10 * 60_000);
    expect(await scene.status(taskId)).toBe('running');
  });
});

describe('a run that is open when the rules change', () => {
  const hour = 3_600_000;

  it('keeps the patience that its claim recorded, and the next one has the new', async () => {
    const { scene, change } = await aHarbour({ maxSilentMs: 4 * hour, staleAfterMs: hour });
    const before = await scene.task();
    await scene.clock.settle();
    await change({ rules: { maxSilentMs: hour, staleAfterMs: 60_000 } });
    const after = await scene.task();
    await scene.clock.advance(2 * hour);
    expect(await scene.status(before)).toBe('running');
    expect(await scene.events(`task-${after}`)).toContain('TaskRequeued');
    await scene.clock.advance(3 * hour + 60_000);
    const [first] = (await scene.board.read()).runs(before);
    expect(await scene.last(`run-${first?.runId}`)).toMatchObject({ type: 'RunWentStale' });
  });

  it('keeps its longest runtime', async () => {
    const { scene, change } = await aHarbour({ maxRuntimeMs: hour });
    const taskId = await scene.task();
    await scene.clock.settle();
    await change({ rules: { maxRuntimeMs: 60_000 } });
    await scene.clock.advance(hour / 2);
    expect(await scene.status(taskId)).toBe('running');
    await scene.clock.advance(hour);
    expect(await scene.events(`task-${taskId}`)).toContain('TaskRequeued');
  });
});

describe('a dispatcher that is stopped', () => {
  it('has no other rules to tell of', async () => {
    const { dispatcher, change, changes } = await aHarbour();
    await dispatcher.stop();
    await change({ rules: { maxRunning: 5 } });
    expect(await changes()).toBe(0);
  });
});
