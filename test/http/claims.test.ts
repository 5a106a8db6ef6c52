/** Claims through the door: exclusive, patient, and not doubled by a network that loses answers. */
import { describe, expect, test } from 'vitest';
import { ada } from '../kit/callers.ts';
import { eventually } from '../kit/eventually.ts';
import { openHouse } from './a-door.ts';
import { claim, makeTask, remoteRun } from './remote.ts';

describe('a claim', () => {
  test('brings everything that a worker needs', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);

    const { status, json, headers } = await claim(house, { ttlMs: 60_000, worker: 'ben' });

    expect(status).toBe(201);
    expect(json).toMatchObject({
      taskId,
      attempt: 1,
      version: 0,
      leaseMs: 60_000,
      heartbeatEveryMs: 20_000,
      task: { id: taskId, title: 'Paint the hull', status: 'running' },
      context: expect.stringContaining('Paint the hull'),
      token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(headers.get('logboard-position')).toBe(`${json.position}`);
    const run = (await house.board.read()).run(json.runId);
    expect(run?.opened).toMatchObject({ kind: 'external', claimedBy: 'ben', assignee: 'gpu' });
    expect(JSON.stringify(run)).not.toContain(json.token);
  });

  test('is for workers and operators, and nobody else', async () => {
    const house = await openHouse();
    const { bearer } = await remoteRun(house);
    const body = { assignee: 'gpu' };

    expect((await house.ask('/api/v1/claims', { who: 'reader', body })).status).toBe(403);
    expect((await house.ask('/api/v1/claims', { who: 'nobody', bearer, body })).status).toBe(403);
    expect((await house.ask('/api/v1/claims', { who: 'operator', body })).status).toBe(204);
  });

  test('of many at once goes to one each', async () => {
    const house = await openHouse();
    const taskIds = await Promise.all(
      Array.from({ length: 12 }, (_, at) => makeTask(house, `${at}`)),
    );

    const claims = await Promise.all(Array.from({ length: 16 }, () => claim(house)));

    const taken = claims.filter(({ status }) => status === 201).map(({ json }) => json.taskId);
    expect(taken.sort()).toEqual(taskIds.sort());
    expect(claims.filter(({ status }) => status === 204)).toHaveLength(4);
  });

  test('waits for a task, and reads the log only when there is news', async () => {
    let reads = 0;
    const house = await openHouse();
    const { log } = house.board;
    const readAll = log.readAll.bind(log);
    Object.assign(log, {
      readAll: (...wanted: Parameters<typeof readAll>) => {
        reads += 1;
        return readAll(...wanted);
      },
    });
    const waiting = Array.from({ length: 8 }, () => claim(house, { waitMs: 20_000 }));
    await eventually('somebody follows', async () => reads > 0);
    reads = 0;

    const taskId = await makeTask(house);
    const first = await Promise.race(waiting);

    expect(first).toMatchObject({ status: 201, json: { taskId } });
    // One follower and the tables, whoever waits: not eight of each.
    expect(reads).toBeLessThan(16);
    for (let left = waiting.length - 1; left > 0; left -= 1) await makeTask(house);
    expect((await Promise.all(waiting)).every(({ status }) => status === 201)).toBe(true);
  });

  test('that nothing came for says so without a word', async () => {
    const house = await openHouse();

    const answered = await claim(house, { waitMs: 30 });

    expect(answered).toMatchObject({ status: 204, json: '' });
  });

  test('waits while the board is paused, and goes on with it', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);
    await house.ask('/api/v1/board/pause', { body: {} });

    const inVain = await claim(house, { waitMs: 30 });
    const waiting = claim(house, { waitMs: 20_000 });
    const byName = await house.board.as(ada).claim(await makeTask(house, 'Stop the leak'));
    await house.ask('/api/v1/board/resume', { body: {} });

    expect(inVain).toMatchObject({ status: 204, json: '' });
    expect(inVain.headers.get('logboard-paused')).toBe('true');
    expect(byName.refused).toBe(false);
    expect(await waiting).toMatchObject({ status: 201, json: { taskId } });
    expect((await claim(house)).headers.get('logboard-paused')).toBeNull();
  });

  test('of a worker that has gone meanwhile takes nothing', async () => {
    const house = await openHouse();
    const going = new AbortController();
    const body = { assignee: 'gpu', waitMs: 20_000 };
    const asking = house.fetch('/api/v1/claims', { who: 'worker', body, signal: going.signal });
    const stays = claim(house, { waitMs: 20_000 });
    going.abort();
    await expect(asking).rejects.toThrow();

    const taskId = await makeTask(house);

    expect(await stays).toMatchObject({ status: 201, json: { taskId } });
  });

  test('that lacks what the assignee requires is told so, and does not wait', async () => {
    const requires = ['cuda'];
    const house = await openHouse(undefined, undefined, { gpu: { run: ['true'], requires } });
    await makeTask(house);

    expect(await claim(house)).toMatchObject({ status: 404, json: { facts: { lacks: requires } } });
    expect(await claim(house, { capabilities: ['cuda', 'ram'] })).toMatchObject({ status: 201 });
  });

  test('sent again under its key is the same one, even after a restart', async () => {
    const house = await openHouse();
    await makeTask(house, 'one');
    await makeTask(house, 'two');
    const key = { 'Idempotency-Key': 'k-1' };

    const [first, second] = await Promise.all([claim(house, {}, key), claim(house, {}, key)]);
    const later = await house.restart();
    const again = await claim(later, {}, key);

    expect(first.status).toBe(201);
    for (const { json } of [second, again]) {
      const { runId, token, taskId, version } = first.json;
      expect(json).toMatchObject({ runId, token, taskId, version });
    }
    const { runId, token } = first.json;
    const bearer = `${runId}.${token}`;
    await later.ask(`/api/v1/runs/${runId}/release`, { bearer, body: {} });
    const last = await later.restart();
    expect(await claim(last, {}, key)).toMatchObject({ status: 409, json: { code: 'stale_run' } });
  });

  test('ends in peace when the door closes', async () => {
    const house = await openHouse();
    const waiting = claim(house, { waitMs: 30_000 });
    await eventually('it waits', async () => house.board.log.head());

    await house.door.close();

    expect([204, 'closed']).toContain(
      await waiting.then(
        ({ status }) => status,
        () => 'closed',
      ),
    );
  });
});
