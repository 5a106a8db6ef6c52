/**
 * A log that is not atomic stores the decision first, and what follows from it later, or never: by
 * whoever decided, when somebody else's write comes between, and by anybody when that one has died.
 */
import { describe, expect, it } from 'vitest';
import type { LooseEnd } from '../../projections/index.ts';
import type { Commands } from '../../src/app/commands.ts';
import { checkInvariants } from '../../src/app/verify.ts';
import { streams } from '../../src/domain/catalogue.ts';
import { codec } from '../../src/log/codec.ts';
import { LogUnavailable } from '../../src/log/event-log.ts';
import { aRunningTask, aTask, type Harbour, openHarbour, storyOfTask } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';
import { createCountedIds } from '../kit/counted-ids.ts';
import { Died, inPieces, type Pieces } from '../kit/in-pieces.ts';

interface Cluster extends Harbour {
  readonly pieces: Pieces;
}

function openCluster(): Cluster {
  const pieces = inPieces();
  return { ...openHarbour(createCountedIds(), pieces.wrap), pieces };
}

const found = { evidence: { sinceMs: 30_000 } };

async function looseEnds(harbour: Harbour): Promise<readonly LooseEnd[]> {
  return (await harbour.another().read()).looseEnds();
}

/** Finishes all that is left, as a dispatcher elsewhere does. */
async function mendAll(harbour: Harbour): Promise<readonly LooseEnd[]> {
  const ends = await looseEnds(harbour);
  const elsewhere = harbour
    .another()
    .as({ ...dispatcher, actor: { kind: 'dispatcher', id: 'pier' } });
  for (const end of ends) await accepted(elsewhere.mend(end, found));
  return ends;
}

/** What is stored, but for the time and the door of whoever stored it. */
async function stored(harbour: Harbour) {
  const events = await harbour.events();
  return events
    .map(({ position: _position, ...event }) => {
      const { at: _at, surface: _surface, ...meta } = event.meta;
      return { ...event, meta };
    })
    .toSorted(
      (one, other) => one.stream.localeCompare(other.stream) || one.version - other.version,
    );
}

async function violations({ log }: Harbour): Promise<readonly string[]> {
  return (await checkInvariants({ log, codec })).map(
    ({ invariant, found: what }) => `${invariant}: ${what}`,
  );
}

const handOff = { summary: 'Two coats.', metadata: { coats: 2 } };
const why = { cause: 'needs_input', reason: 'Which red?' } as const;
const crash = { type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence: {} } as const;

/** Ends of runs, and words on tasks: whatever is left of them is finished as it was begun. */
const endings: Readonly<Record<string, (harbour: Harbour) => Promise<() => Promise<unknown>>>> = {
  'a completion': ofWorker((worker, runId) => worker.completeRun(runId, handOff)),
  'a completion to be reviewed': ofWorker((worker, runId) =>
    worker.completeRun(runId, handOff, { review: true }),
  ),
  'a question': ofWorker((worker, runId) => worker.blockRun(runId, why)),
  'a task given back': ofWorker((worker, runId) => worker.releaseRun(runId, 'no brush')),
  'a crash': ofDispatcher((commands, runId) => commands.endRun(runId, crash)),
  'a run taken back by a person': async (harbour) => {
    const { taskId } = await aRunningTask(harbour);
    return () => harbour.board.as({ ...ada, commandId: 'c-7' }).reclaim(taskId, 'too slow');
  },
  'a completion by hand': async (harbour) => {
    const taskId = await aTask(harbour);
    return () => harbour.board.as({ ...ada, commandId: 'c-7' }).complete(taskId, handOff);
  },
  'a block by hand, after another attempt': async (harbour) => {
    const { taskId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'too slow'));
    return () => harbour.board.as({ ...ada, commandId: 'c-7' }).block(taskId, why);
  },
};

type Sends = (commands: Commands, runId: string) => Promise<unknown>;

function ofWorker(send: Sends) {
  return async (harbour: Harbour) => {
    const { runId } = await aRunningTask(harbour);
    const worker = { ...workerOf(runId), commandId: 'c-7' };
    return () => send(harbour.board.as(worker), runId);
  };
}

function ofDispatcher(send: Sends) {
  return async (harbour: Harbour) => {
    const { runId } = await aRunningTask(harbour);
    return () => send(harbour.board.as({ ...dispatcher, commandId: 'c-7' }), runId);
  };
}

describe('a process that dies between two writes', () => {
  it.each(Object.entries(endings))(
    'leaves half of %s, and it is finished as begun',
    async (_, prepare) => {
      const whole = openCluster();
      await (await prepare(whole))();

      const cluster = openCluster();
      const act = await prepare(cluster);
      cluster.pieces.dieAfter(1);
      await expect(act()).rejects.toThrow(Died);
      expect(await stored(cluster)).not.toEqual(await stored(whole));
      expect(await mendAll(cluster)).toHaveLength(1);
      expect(await stored(cluster)).toEqual(await stored(whole));
      expect(await looseEnds(cluster)).toEqual([]);
      expect(await violations(cluster)).toEqual([]);
    },
  );
});

describe('a claim whose run was never opened', () => {
  async function abandoned(): Promise<Cluster & { taskId: string; runId: string }> {
    const cluster = openCluster();
    const taskId = await aTask(cluster, { assignee: 'paint' });
    cluster.pieces.dieAfter(1);
    const claim = cluster.board.as(dispatcher).claim(taskId, { kind: 'worker', host: 'quay' });
    await expect(claim).rejects.toThrow(Died);
    const [end] = await looseEnds(cluster);
    return { ...cluster, taskId, runId: end?.runId ?? '' };
  }

  it('is closed: opened and ended at once, with what was seen, and no failure', async () => {
    const cluster = await abandoned();
    const { taskId, runId } = cluster;
    expect(await mendAll(cluster)).toEqual([{ taskId, runId, missing: 'opening' }]);
    expect(await cluster.events(streams.run(runId))).toMatchObject([
      {
        type: 'RunOpened',
        data: { taskId, attempt: 1, kind: 'worker', host: 'quay', assignee: 'paint' },
      },
      {
        type: 'RunReclaimed',
        data: { evidence: { sinceMs: 30_000 } },
        meta: { actor: { id: 'pier' } },
      },
    ]);
    expect((await cluster.events(streams.task(taskId))).at(-1)).toMatchObject({
      type: 'TaskRequeued',
      data: { runId, outcome: 'reclaimed', failures: 0 },
    });
    expect(await violations(cluster)).toEqual([]);
    expect((await accepted(cluster.board.as(dispatcher).claim(taskId))).attempt).toBe(2);
  });

  it('is closed by a person, too, who may name the next assignee', async () => {
    const cluster = await abandoned();
    const { taskId, runId } = cluster;
    const answer = cluster.board.as(ada).reclaim(taskId, 'gone', { assignee: 'varnish' });
    expect(await accepted(answer)).toMatchObject({ taskId, runId, version: 1, changed: true });
    const task = (await cluster.another().read()).task(taskId, cluster.clock.nowMs());
    expect(task).toMatchObject({ status: 'ready', assignee: 'varnish' });
    expect(await violations(cluster)).toEqual([]);
  });

  it('is closed by whatever takes the task from it: nobody opens that run any more', async () => {
    const cluster = openCluster();
    const taskId = await aTask(cluster);
    const elsewhere = cluster.another();
    cluster.pieces.slipInAfter(1, () => elsewhere.as(ada).archive(taskId));
    expect(await refused(cluster.board.as(dispatcher).claim(taskId))).toMatchObject({
      code: 'stale_run',
      facts: { taskId },
    });
    expect(await storyOfTask(cluster, taskId)).toEqual([
      'TaskCreated',
      'TaskClaimed',
      'TaskArchived',
    ]);
    expect(await violations(cluster)).toEqual([]);
  });

  it('is refused to whoever claimed and came too late, and nothing is stored twice', async () => {
    const cluster = openCluster();
    const taskId = await aTask(cluster);
    cluster.pieces.slipInAfter(1, () => mendAll(cluster));
    expect((await refused(cluster.board.as(dispatcher).claim(taskId))).code).toBe('stale_run');
    expect(await storyOfTask(cluster, taskId)).toEqual([
      'TaskCreated',
      'TaskClaimed',
      'TaskRequeued',
    ]);
  });
});

describe("an operator's act on a running task", () => {
  const acts: Readonly<Record<string, (commands: Commands, taskId: string) => Promise<unknown>>> = {
    'the archive': (commands, taskId) => commands.archive(taskId),
    'a completion': (commands, taskId) => commands.complete(taskId, handOff),
    'a block': (commands, taskId) => commands.block(taskId, why),
    'a schedule': (commands, taskId) => commands.schedule(taskId, Date.UTC(2099, 0, 1)),
  };

  it.each(Object.entries(acts))(
    'that dies on the way has stopped the worker, and the task is queued again: %s',
    async (_, act) => {
      const cluster = openCluster();
      const { taskId, runId } = await aRunningTask(cluster);
      cluster.pieces.dieAfter(1);
      await expect(act(cluster.board.as(ada), taskId)).rejects.toThrow(Died);
      expect(await mendAll(cluster)).toEqual([{ taskId, runId, missing: 'meaning' }]);
      expect((await storyOfTask(cluster, taskId)).at(-1)).toBe('TaskRequeued');
      const worker = cluster.board.as(workerOf(runId));
      expect((await refused(worker.completeRun(runId, {}))).code).toBe('stale_run');
      expect(await violations(cluster)).toEqual([]);
    },
  );

  it.each(Object.entries(acts))(
    'is carried out when a dispatcher is faster: %s',
    async (_, act) => {
      const cluster = openCluster();
      const { taskId } = await aRunningTask(cluster);
      cluster.pieces.slipInAfter(1, () => mendAll(cluster));
      expect(await act(cluster.board.as(ada), taskId)).toMatchObject({
        refused: false,
        changed: true,
      });
      expect((await storyOfTask(cluster, taskId)).slice(1, 3)).toEqual([
        'TaskClaimed',
        'TaskRequeued',
      ]);
      expect(await storyOfTask(cluster, taskId)).toHaveLength(4);
      expect(await looseEnds(cluster)).toEqual([]);
      expect(await violations(cluster)).toEqual([]);
    },
  );

  it('is not called off because the task was touched after it was decided', async () => {
    const cluster = openCluster();
    const { taskId } = await aRunningTask(cluster);
    const elsewhere = cluster.another().as(ada);
    cluster.pieces.slipInAfter(1, () => elsewhere.reprioritize(taskId, 7));
    const seen = { taskId, version: 1 };
    await accepted(cluster.board.as({ ...ada, seen }).archive(taskId));
    expect((await storyOfTask(cluster, taskId)).at(-1)).toBe('TaskArchived');
  });
});

describe("somebody else's write between two of an append", () => {
  it.each(Object.entries(endings))(
    'that only touches the task does not keep the rest of %s from it',
    async (_, prepare) => {
      const cluster = openCluster();
      const act = await prepare(cluster);
      const elsewhere = cluster.another().as(ada);
      const [{ taskId } = { taskId: '' }] = (await cluster.board.read()).tasks({}, {}, 0);
      cluster.pieces.slipInAfter(1, () => elsewhere.edit(taskId, { body: 'Red.' }));
      expect(await act()).toMatchObject({ refused: false, changed: true });
      expect(await storyOfTask(cluster, taskId)).toContain('TaskEdited');
      expect(await looseEnds(cluster)).toEqual([]);
      expect(await violations(cluster)).toEqual([]);
    },
  );

  it.each(Object.entries(endings))(
    'that finishes %s is as good as its own, and the answer the same',
    async (_, prepare) => {
      const cluster = openCluster();
      const act = await prepare(cluster);
      const whole = openCluster();
      const answer = await (await prepare(whole))();
      cluster.pieces.slipInAfter(1, () => mendAll(cluster));
      expect(await act()).toEqual(answer);
      expect(await stored(cluster)).toEqual(await stored(whole));
    },
  );

  it('does not lose the next assignee, of whom the one who finished it knew nothing', async () => {
    const cluster = openCluster();
    const { taskId } = await aRunningTask(cluster);
    cluster.pieces.slipInAfter(1, () => mendAll(cluster));
    await accepted(cluster.board.as(ada).reclaim(taskId, 'slow', { assignee: 'varnish' }));
    expect(await storyOfTask(cluster, taskId)).toEqual([
      'TaskCreated',
      'TaskClaimed',
      'TaskRequeued',
      'TaskAssigned',
    ]);
    const task = (await cluster.another().read()).task(taskId, cluster.clock.nowMs());
    expect(task?.assignee).toBe('varnish');
  });
});

it.each(Object.entries(endings))('two hosts at once finish %s once', async (_, prepare) => {
  const cluster = openCluster();
  const act = await prepare(cluster);
  cluster.pieces.dieAfter(1);
  await expect(act()).rejects.toThrow(Died);
  cluster.log.beforeNextAppend(() => mendAll(cluster));
  await mendAll(cluster);
  const whole = openCluster();
  await (await prepare(whole))();
  expect(await stored(cluster)).toEqual(await stored(whole));
});

it('an answer that is lost after the decision is asked for with the same append', async () => {
  const cluster = openCluster();
  const { taskId, runId } = await aRunningTask(cluster);
  cluster.pieces.slipInAfter(1, () => Promise.reject(lineCut()));
  const completing = cluster.board.as(workerOf(runId)).completeRun(runId, handOff);
  expect(await accepted(completing)).toMatchObject({ version: 1, changed: true });
  expect(cluster.log.tries.at(-1)).toBe(cluster.log.tries.at(-2));
  expect(await storyOfTask(cluster, taskId)).toEqual([
    'TaskCreated',
    'TaskClaimed',
    'TaskCompleted',
  ]);
});

function lineCut(): LogUnavailable {
  return new LogUnavailable('The line was cut.', {
    code: 'answer_lost',
    hint: 'Repeat the same append.',
    retryable: true,
    outcomeUnknown: true,
  });
}
