/** A board of the past can be asked everything, and changed by nobody. */
import { expect, test } from 'vitest';
import { openProjections } from '../../projections/run.ts';
import { createPastBoard } from '../../src/app/past-board.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { cutLog } from '../../src/log/cut.ts';
import { aRunningTask, aTask, openHarbour } from '../kit/boards.ts';
import { accepted, ada } from '../kit/callers.ts';

/** A board on which a task was made, then claimed, then named otherwise; seen before the claim. */
async function beforeTheClaim() {
  const harbour = openHarbour();
  const taskId = await aTask(harbour);
  const { position } = await harbour.log.head();
  await harbour.clock.advance(60_000);
  await aRunningTask(harbour);
  await accepted(harbour.board.as(ada).edit(taskId, { title: 'Tar the hull' }));
  const log = cutLog(harbour.log, position);
  const projections = await openProjections({ log, timers: harbour.clock, path: ':memory:' });
  const atMs = harbour.clock.nowMs() - 60_000;
  const place = { position, atMs };
  const past = createPastBoard({ log, projections, place, policy: () => defaultPolicy });
  return { harbour, taskId, past, place };
}

test('it says what was so then, and what time it was', async () => {
  const { past, place, taskId } = await beforeTheClaim();
  const queries = await past.read();
  expect(queries.task(taskId, past.nowMs())).toMatchObject({ title: 'Paint the hull' });
  expect(queries.stats(past.nowMs())).toMatchObject({ total: 1, byStatus: { ready: 1 } });
  expect(past.nowMs()).toBe(place.atMs);
  expect(past.past).toEqual(place);
  expect(await past.context(taskId)).toContain('Paint the hull');
});

test('every command is refused, and nothing is written', async () => {
  const { harbour, past, place } = await beforeTheClaim();
  const before = await harbour.log.head();
  const commands = past.as(ada);
  const names = Object.keys(harbour.board.as(ada)) as (keyof typeof commands)[];
  expect(names).toContain('create');
  for (const name of names) {
    const command = commands[name] as (...args: unknown[]) => Promise<unknown>;
    expect(await command('T-1', 'R-1')).toMatchObject({
      refused: true,
      code: 'past_is_read_only',
      facts: { position: place.position },
    });
  }
  expect(await harbour.log.head()).toEqual(before);
});

test('closed, it leaves the present open', async () => {
  const { harbour, past } = await beforeTheClaim();
  await past.close();
  expect((await harbour.board.read()).stats(harbour.clock.nowMs()).total).toBe(2);
});
