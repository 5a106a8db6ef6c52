/** Comments, the board itself, and the dispatchers' log-book. */
import { describe, expect, it } from 'vitest';
import { streams } from '../../src/domain/catalogue.ts';
import type { DispatcherEvent } from '../../src/domain/dispatcher/events.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { aRunningTask, aTask, openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';

describe('a comment', () => {
  it('carries its author, and the run that wrote it', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).comment(taskId, { body: 'Mind the name.' }));
    await accepted(harbour.board.as(workerOf(runId)).comment(taskId, { body: 'I do.', runId }));
    expect((await harbour.events(streams.note(taskId))).map(({ data }) => data)).toEqual([
      { body: 'Mind the name.', author: 'ada' },
      { body: 'I do.', author: runId, runId },
    ]);
  });

  it('decides nothing: it never stands in the way of the task or its run', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const elsewhere = harbour.another();
    harbour.log.beforeNextAppend(() => elsewhere.as(ada).comment(taskId, { body: 'Hurry.' }));
    const tries = harbour.log.tries.length;
    await accepted(harbour.board.as(workerOf(runId)).completeRun(runId, {}));
    const appended = harbour.log.tries.slice(tries).map((append) => append[0]?.stream);
    expect(appended).toEqual([streams.run(runId), streams.note(taskId)]);
  });

  it('sent again under the same command is stored once', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const caller = { ...ada, commandId: 'c-7' };
    await accepted(harbour.board.as(caller).comment(taskId, { body: 'Once.' }));
    await accepted(harbour.another().as(caller).comment(taskId, { body: 'Once.' }));
    expect(await harbour.events(streams.note(taskId))).toHaveLength(1);
  });

  it('needs a task and some words', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const comment = (id: string, body: string) => harbour.board.as(ada).comment(id, { body });
    expect((await refused(comment('T-0000000099', 'Hello?'))).code).toBe('no_such_task');
    expect((await refused(comment(taskId, '  '))).code).toBe('invalid');
    expect(await harbour.events(streams.note(taskId))).toEqual([]);
  });
});

describe('the board', () => {
  it('is created once, also by two who race, and changed with a name on it', async () => {
    const harbour = openHarbour();
    const create = { type: 'CreateBoard', name: 'harbour', epoch: 'epoch-1' } as const;
    const answers = await Promise.all([
      accepted(harbour.board.as(ada).changeBoard(create)),
      accepted(harbour.another().as(ada).changeBoard(create)),
    ]);
    expect(answers.map(({ changed }) => changed).sort()).toEqual([false, true]);
    const rename = { type: 'RenameBoard', name: 'quay' } as const;
    expect(await accepted(harbour.board.as(ada).changeBoard(rename))).toMatchObject({
      changed: true,
      position: 2,
    });
    expect(await harbour.events(streams.board)).toMatchObject([
      { type: 'BoardCreated', meta: { actor: ada.actor } },
      { type: 'BoardRenamed', data: { name: 'quay' } },
    ]);
  });

  it('that does not exist cannot be paused', async () => {
    const { board } = openHarbour();
    const refusal = await refused(board.as(ada).changeBoard({ type: 'PauseBoard' }));
    expect(refusal.code).toBe('no_such_board');
  });
});

it('a dispatcher leaves in the log by which rules it acted', async () => {
  const harbour = openHarbour();
  const started: DispatcherEvent = {
    type: 'DispatcherStarted',
    data: {
      policy: defaultPolicy,
      host: 'quay',
      bootId: 'boot-1',
      pid: 812,
      programVersion: '0.1.0',
      assignees: ['painter'],
    },
  };
  const commands = harbour.board.as(dispatcher);
  await accepted(commands.recordDispatcher('quay', started));
  await accepted(
    commands.recordDispatcher('quay', { type: 'DispatcherStopped', data: { reason: 'SIGTERM' } }),
  );
  expect(await harbour.events(streams.dispatcher('quay'))).toMatchObject([
    started,
    { type: 'DispatcherStopped' },
  ]);
});
