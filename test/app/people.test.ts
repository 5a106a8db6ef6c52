/** What machines may not undo: the breaker, a finished task, a claim. */
import { describe, expect, it } from 'vitest';
import type { Commands } from '../../src/app/commands.ts';
import { checkInvariants } from '../../src/app/verify.ts';
import { codec } from '../../src/log/codec.ts';
import { aRunningTask, aTask, type Harbour, openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';

const evidence = { seen: 'a test' };
const crash = { type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence } as const;

async function failedTask(harbour: Harbour, maxRetries: number): Promise<string> {
  const { taskId, runId } = await aRunningTask(harbour, { maxRetries });
  await accepted(harbour.board.as(dispatcher).endRun(runId, crash));
  return taskId;
}

async function doneTask(harbour: Harbour): Promise<string> {
  const taskId = await aTask(harbour);
  await accepted(harbour.board.as(ada).complete(taskId, {}));
  return taskId;
}

type Act = (by: Commands, taskId: string) => Promise<{ readonly refused: boolean }>;

const acts: readonly (readonly [string, (harbour: Harbour) => Promise<string>, Act])[] = [
  ['forgive failures', (h) => failedTask(h, 3), (by, id) => by.resetFailures(id)],
  ['resume a halted task', (h) => failedTask(h, 1), (by, id) => by.unblock(id)],
  ['reopen a finished task', doneTask, (by, id) => by.reopen(id)],
  [
    'take a task from its run',
    async (h) => (await aRunningTask(h)).taskId,
    (by, id) => by.reclaim(id, 'mine now'),
  ],
];

describe.each(acts)('to %s', (attempted, setUp, act) => {
  it.each([workerOf('R-00000000000Z'), dispatcher])('is not for a $actor.kind', async (machine) => {
    const harbour = openHarbour();
    const taskId = await setUp(harbour);
    const before = await harbour.events();
    expect(await refused(act(harbour.board.as(machine), taskId))).toMatchObject({
      code: 'people_only',
      message: expect.stringContaining(attempted),
      facts: { taskId, actor: `${machine.actor.kind} ${machine.actor.id}` },
    });
    expect(await harbour.events()).toEqual(before);
    expect(await checkInvariants({ log: harbour.log, codec })).toEqual([]);
  });

  it('is for a person', async () => {
    const harbour = openHarbour();
    const taskId = await setUp(harbour);
    expect((await act(harbour.board.as(ada), taskId)).refused).toBe(false);
  });
});

it('a worker may still lift a block that is no halt', async () => {
  const harbour = openHarbour();
  const taskId = await aTask(harbour, { initialBlock: 'Wait.' });
  await accepted(harbour.board.as(workerOf('R-00000000000Z')).unblock(taskId));
});
