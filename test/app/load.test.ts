/** Loading what the streams tell: always as of now, and folding only what is new. */
import { describe, expect, it } from 'vitest';
import { createMemory } from '../../src/app/load.ts';
import { streams } from '../../src/domain/catalogue.ts';
import { codec, UnreadableEvent } from '../../src/log/codec.ts';
import { aRunningTask, aTask, openHarbour, storyOfTask } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';

/** A loader that counts the events it folds. */
function countingLoader(harbour: ReturnType<typeof openHarbour>) {
  const counts = { decoded: 0 };
  const counting: typeof codec = {
    ...codec,
    decode(stored) {
      counts.decoded += 1;
      return codec.decode(stored);
    },
  };
  const memory = createMemory({ log: harbour.log, codec: counting });
  return { loader: memory.fresh().loader, memory, counts };
}

describe('loading', () => {
  it('tells where a stream stands', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const { loader } = countingLoader(harbour);
    expect(await loader.task(taskId)).toMatchObject({
      stream: streams.task(taskId),
      version: 1,
      position: 2,
      state: { standing: { status: 'running' } },
    });
    expect(await loader.run(runId)).toMatchObject({ version: 0, position: 3 });
  });

  it('finds nothing where nothing was written', async () => {
    const { loader } = countingLoader(openHarbour());
    const nothing = { version: -1, position: 0, state: undefined };
    expect(await loader.task('T-0000000099')).toMatchObject(nothing);
    expect(await loader.board()).toMatchObject(nothing);
  });

  it('sees what others wrote since, and folds nothing twice', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const { loader, counts } = countingLoader(harbour);
    await loader.task(taskId);
    await accepted(harbour.board.as(ada).edit(taskId, { title: 'Paint the mast' }));
    expect((await loader.task(taskId)).state?.title).toBe('Paint the mast');
    await loader.task(taskId);
    expect(counts.decoded).toBe(2);
  });

  it('remembers tasks with long texts, too', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour, { body: 'x'.repeat(100_000) });
    const { loader, counts } = countingLoader(harbour);
    await loader.task(taskId);
    await loader.task(taskId);
    expect(counts.decoded).toBe(1);
  });

  it('remembers no more hand-offs than fit, the latest ones', async () => {
    const harbour = openHarbour();
    const handOff = { metadata: { seen: Array.from({ length: 120 }, () => 'x'.repeat(2_000)) } };
    const taskIds: string[] = [];
    for (let i = 0; i < 150; i += 1) taskIds.push(await aTask(harbour));
    for (const taskId of taskIds) await accepted(harbour.board.as(ada).complete(taskId, handOff));
    const { loader, counts } = countingLoader(harbour);
    for (const taskId of taskIds) await loader.task(taskId);
    counts.decoded = 0;
    await loader.task(taskIds.at(-1)!);
    expect(counts.decoded).toBe(0);
    await loader.task(taskIds[0]!);
    expect(counts.decoded).toBe(2);
  });

  it('reads streams of any length', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const commands = harbour.board.as(ada);
    for (let i = 1; i <= 1_001; i += 1) await accepted(commands.reprioritize(taskId, i));
    const { loader, counts } = countingLoader(harbour);
    expect((await loader.task(taskId)).state?.priority).toBe(1_001);
    expect(counts.decoded).toBe(1_002);
  });

  it('stops at an event it cannot read', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const events = [{ id: 'e-1', type: 'TaskSunk', schemaVersion: 1, data: '{}', meta: '{}' }];
    await harbour.log.append([{ stream: streams.task(taskId), expected: 0, events }]);
    await expect(countingLoader(harbour).loader.task(taskId)).rejects.toThrow(UnreadableEvent);
  });
});

describe('a command on what is remembered', () => {
  it('reads nothing, and finds what it stored itself', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const { readStream } = harbour.log;
    let reads = 0;
    harbour.log.readStream = (...asked) => {
      reads += 1;
      return readStream(...asked);
    };
    await accepted(harbour.board.as(workerOf(runId)).heartbeat(runId, { note: 'sanding' }));
    await accepted(harbour.board.as(workerOf(runId)).completeRun(runId, { summary: 'Painted.' }));
    expect(reads).toBe(0);
    expect(await storyOfTask(harbour, taskId)).toEqual([
      'TaskCreated',
      'TaskClaimed',
      'TaskCompleted',
    ]);
  });

  it('is decided again when others wrote meanwhile, whatever it is about', async () => {
    const harbour = openHarbour();
    const rival = harbour.another();
    const parent = await aTask(harbour);
    const child = await aTask(harbour, { parents: [parent] });
    await accepted(harbour.board.as(ada).complete(parent, {}));
    await accepted(rival.as(ada).reopen(parent));
    // Remembered here: the parent is done, and so the child could be completed.
    const answer = await refused(harbour.board.as(ada).complete(child, {}));
    expect(answer.code).toBe('parents_open');
  });

  it('that is refused or finds nothing to do is decided on what is read', async () => {
    const harbour = openHarbour();
    const rival = harbour.another();
    const taskId = await aTask(harbour);
    await accepted(harbour.board.as(ada).complete(taskId, {}));
    await accepted(rival.as(ada).reopen(taskId));
    await accepted(harbour.board.as(dispatcher).claim(taskId));
  });

  it('remembers what a reader of the log would fold', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour, { priority: 3 });
    const commands = harbour.board.as(ada);
    await accepted(harbour.board.as(workerOf(runId)).heartbeat(runId, { progress: 0.5 }));
    await accepted(commands.reclaim(taskId, 'too slow'));
    await accepted(commands.edit(taskId, { body: 'With care.' }));
    await accepted(commands.block(taskId, { cause: 'needs_input', reason: 'Which red?' }));
    const memory = createMemory({ log: harbour.log, codec });
    const view = memory.remembered();
    const before = await view.loader.task(taskId);
    const events = [{ type: 'TaskUnblocked' as const, data: { reason: 'Any.' } }];
    const meta = { actor: ada.actor, at: harbour.clock.nowMs() };
    const stream = streams.task(taskId);
    await accepted(commands.unblock(taskId, 'Any.'));
    const { position } = await harbour.log.head();
    const stored = { ok: true, position, versions: [before.version + 1], repeated: false } as const;
    view.learn([{ stream, events }], meta, stored);
    const remembered = await memory.remembered().loader.task(taskId);
    expect(remembered).toEqual(await memory.fresh().loader.task(taskId));
    expect(remembered).toEqual(
      await createMemory({ log: harbour.log, codec }).fresh().loader.task(taskId),
    );
  });
});
