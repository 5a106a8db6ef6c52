/** What can be changed, once, and only as it was seen. */
import { describe, expect, test } from 'vitest';
import { commandIdOf } from '../../src/http/call.ts';
import { accepted, ada, dispatcher } from '../kit/callers.ts';
import { type OpenHouse, openHouse } from './a-door.ts';
import { sealedTask } from './calls.ts';

const post = (house: OpenHouse, path: string, body: object = {}, headers = {}) =>
  house.ask(`/api/v1${path}`, { method: 'POST', body, headers });

async function taskIn(house: OpenHouse, fields: object = {}): Promise<string> {
  const { json, status } = await post(house, '/tasks', { title: 'Paint the hull', ...fields });
  expect(status).toBe(201);
  return json.id;
}

describe('a task', () => {
  test('is made with all it can have, in the name of the operator', async () => {
    const house = await openHouse();
    const fields = {
      title: 'Paint the hull',
      body: 'two coats',
      assignee: 'painter',
      priority: 3,
      tenant: 'north',
      skills: ['brush'],
      maxRuntimeMs: 60_000,
    };

    const made = await post(house, '/tasks', { ...fields, notBefore: '2031-01-01T00:00:00+01:00' });

    expect(made).toMatchObject({
      status: 201,
      json: { ...fields, status: 'scheduled', notBefore: '2030-12-31T23:00:00.000Z' },
    });
    expect(made.json).toMatchObject({ createdBy: 'ada', created: true, changed: true });
    expect(made.headers.get('logboard-position')).toBe(`${made.json.position}`);
    const [event] = await house.board.log.readStream(`task-${made.json.id}`);
    expect(JSON.parse(event?.meta ?? '')).toMatchObject({
      actor: { kind: 'human', id: 'ada' },
      surface: 'http',
    });
  });

  test.each([
    [{ title: ' x' }, 'title'],
    [{ title: 'x', priority: 'high' }, 'priority'],
    [{ title: 'x', parents: ['T-1'] }, 'parents.0'],
    [{ title: 'x', isAdmin: true }, ''],
    [{ title: 'x', notBefore: 'tomorrow' }, 'notBefore'],
  ])('is not made of %j', async (fields, path) => {
    const house = await openHouse();

    const { status, json } = await post(house, '/tasks', fields);

    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'invalid', facts: { issues: [{ path }] } });
    expect((await house.ask('/api/v1/tasks')).json.total).toBe(0);
  });

  test('goes through its life by the actions of an operator', async () => {
    const house = await openHouse();
    const id = await taskIn(house);
    const act = async (name: string, body: object = {}) => {
      const { status, json } = await post(house, `/tasks/${id}/${name}`, body);
      expect(json).toMatchObject({ id, changed: true });
      expect(status).toBe(200);
      return json;
    };

    expect(await act('assign', { assignee: 'painter' })).toMatchObject({ assignee: 'painter' });
    expect(await act('prioritize', { priority: 7 })).toMatchObject({ priority: 7 });
    expect(await act('schedule', { notBefore: '2031-01-01T00:00:00Z' })).toMatchObject({
      status: 'scheduled',
    });
    expect(await act('schedule', { notBefore: null })).toMatchObject({ status: 'ready' });
    expect(await act('block', { reason: 'no paint' })).toMatchObject({ blockCause: 'operator' });
    expect(await act('unblock')).toMatchObject({ status: 'ready' });
    expect(await act('complete', { summary: 'painted' })).toMatchObject({ status: 'done' });
    expect(await act('reopen', { reason: 'it peels' })).toMatchObject({ status: 'ready' });
    await accepted(house.board.as(dispatcher).claim(id));
    expect(await act('assign', { assignee: 'rigger', reclaim: true })).toMatchObject({
      assignee: 'rigger',
      status: 'ready',
    });
    await accepted(house.board.as(dispatcher).claim(id));
    expect(await act('reclaim')).toMatchObject({ status: 'ready' });
    expect(await act('archive')).toMatchObject({ status: 'archived' });
    expect(await act('restore')).toMatchObject({ status: 'ready' });
    await act('archive');
    expect(await act('remove')).toMatchObject({ status: 'tombstoned' });
  });

  test('is specified, promoted, and reviewed', async () => {
    const house = await openHouse();
    const vague = await taskIn(house, { triage: true });
    const parent = await taskIn(house);
    const child = await taskIn(house, { parents: [parent] });

    expect(await post(house, `/tasks/${vague}/specify`, { body: 'all of it' })).toMatchObject({
      json: { status: 'ready', body: 'all of it' },
    });
    expect(await post(house, `/tasks/${child}/promote`)).toMatchObject({
      status: 409,
      json: { code: 'parents_open' },
    });
    expect(await post(house, `/tasks/${child}/promote`, { force: true })).toMatchObject({
      json: { status: 'ready', waivedParents: [parent] },
    });
    const { runId } = await accepted(house.board.as(dispatcher).claim(child));
    await accepted(house.board.as(ada).completeRun(runId, {}, { review: true }));
    expect(await post(house, `/tasks/${child}/review`, { approve: false })).toMatchObject({
      status: 400,
    });
    expect(await post(house, `/tasks/${child}/review`, { approve: true })).toMatchObject({
      json: { status: 'done' },
    });
  });

  test('can be linked and unlinked, never in a circle', async () => {
    const house = await openHouse();
    const [first, second] = [await taskIn(house), await taskIn(house)];
    const link = (child: string, parent: string, method = 'PUT') =>
      house.ask(`/api/v1/tasks/${child}/parents/${parent}`, { method, body: {} });

    expect(await link(second, first)).toMatchObject({ json: { parents: [first], changed: true } });
    expect(await link(second, first)).toMatchObject({ json: { changed: false } });
    expect(await link(first, second)).toMatchObject({ status: 409, json: { code: 'cycle' } });
    expect(await link(second, first, 'DELETE')).toMatchObject({ json: { parents: [] } });
  });

  test('is commented on', async () => {
    const house = await openHouse();
    const id = await taskIn(house);

    const written = await post(house, `/tasks/${id}/comments`, { body: 'mind the gap' });

    expect(written).toMatchObject({
      status: 201,
      json: { body: 'mind the gap', author: 'ada', surface: 'http' },
    });
    expect(await post(house, `/tasks/${id}/comments`, { body: ' ' })).toMatchObject({
      status: 400,
    });
  });
});

describe('a revision', () => {
  test('that was seen is one that is changed, and no other', async () => {
    const house = await openHouse();
    const id = await taskIn(house);
    const edit = (title: string, version: string) =>
      house.ask(`/api/v1/tasks/${id}`, {
        method: 'PATCH',
        body: { title },
        headers: { 'If-Match': version },
      });

    const mine = await edit('mine', '"0"');
    const theirs = await edit('theirs', '"0"');

    expect(mine).toMatchObject({ status: 200, json: { title: 'mine', version: 1 } });
    expect(mine.headers.get('etag')).toBe('"1"');
    expect(theirs).toMatchObject({
      status: 412,
      json: {
        code: 'revision_moved',
        facts: { taskId: id, expected: 0, version: 1, lastBy: 'ada', lastType: 'TaskEdited' },
      },
    });
    expect(await edit('theirs', 'W/"x"')).toMatchObject({ status: 400 });
    expect(await edit('theirs', '"1"')).toMatchObject({ json: { title: 'theirs', version: 2 } });
  });

  test('is changed by one of many who saw the same', async () => {
    const house = await openHouse();
    const id = await taskIn(house);
    const assign = (n: number) =>
      post(house, `/tasks/${id}/assign`, { assignee: `hand-${n}` }, { 'If-Match': '"0"' });

    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => assign(n)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
    expect(await house.board.log.readStream(`task-${id}`)).toHaveLength(2);
  });
});

describe('the same request again', () => {
  const key = { 'Idempotency-Key': 'a1b2c3' };

  test('is answered like the first, and done once', async () => {
    const house = await openHouse();

    const [first, again] = [
      await post(house, '/tasks', { title: 'x' }, key),
      await post(house, '/tasks', { title: 'x' }, key),
    ];

    expect(again).toMatchObject({ status: first.status, json: first.json });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await house.ask('/api/v1/tasks')).json.total).toBe(1);
  });

  test('at the same time is done once as well', async () => {
    const house = await openHouse();
    const id = await taskIn(house);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(house, `/tasks/${id}/comments`, { body: 'x' }, key)),
    );

    expect(new Set(answers.map(({ json }) => json.position)).size).toBe(1);
    expect((await house.ask(`/api/v1/tasks/${id}/comments`)).json.comments).toHaveLength(1);
  });

  test('is known by the log after a restart, although others wrote in between', async () => {
    const house = await openHouse();
    const id = await taskIn(house);
    const first = await post(house, `/tasks/${id}/prioritize`, { priority: 5 }, key);
    await post(house, `/tasks/${id}/prioritize`, { priority: 9 });
    await post(house, '/board/pause', {}, key);
    await post(house, `/tasks/${id}/comments`, { body: 'x' }, key);
    const { position: before } = await house.board.log.head();

    const next = await house.restart();
    const again = await post(next, `/tasks/${id}/prioritize`, { priority: 5 }, key);

    expect(again.status).toBe(200);
    expect(again.headers.get('logboard-position')).toBe(first.headers.get('logboard-position'));
    expect(again.json.priority).toBe(9);
    expect(await post(next, '/board/pause', {}, key)).toMatchObject({ status: 200 });
    expect(await post(next, `/tasks/${id}/comments`, { body: 'x' }, key)).toMatchObject({
      status: 201,
    });
    expect((await next.board.log.head()).position).toBe(before);
  });

  test('with other words under the same key is a mistake', async () => {
    const house = await openHouse();
    await post(house, '/tasks', { title: 'x' }, key);

    expect(await post(house, '/tasks', { title: 'y' }, key)).toMatchObject({
      status: 422,
      json: { code: 'key_used_otherwise' },
    });
    const odd = { 'Idempotency-Key': 'with a space' };
    expect(await post(house, '/tasks', { title: 'y' }, odd)).toMatchObject({ status: 400 });
  });

  test('finds its task after a restart, although its words have changed', async () => {
    const house = await openHouse();
    const notBefore = '2031-01-01T00:00:00+01:00';
    const words = { title: 'x \ud800', priority: -0, assignee: 'painter', notBefore };
    const { json: first } = await post(house, '/tasks', words, key);
    await house.ask(`/api/v1/tasks/${first.id}`, { method: 'PATCH', body: { title: 'y' } });

    const next = await house.restart();

    const again = await post(next, '/tasks', words, key);
    expect(again).toMatchObject({ status: 200, json: { id: first.id, title: 'y' } });
  });

  test('finds its task long after, although its words are forgotten', async () => {
    const house = await openHouse();
    const request = new Request(`${house.door.address}/api/v1/tasks`, {
      method: 'POST',
      headers: key,
    });
    const commandId = commandIdOf(request, { role: 'operator', via: 'token' })!;
    const id = await sealedTask(house, { title: 'x' }, { ...ada, commandId });
    await post(house, `/tasks/${id}/forget`, { confirm: id });

    const again = await post(house, '/tasks', { title: 'x' }, key);

    expect(again).toMatchObject({ status: 200, json: { id, title: '[forgotten]' } });
  });

  test.each([
    [{ title: 'x', body: 'two coats' }, { title: 'x' }],
    [{ title: 'x' }, { title: 'x', body: 'two coats' }],
    [
      { title: 'x', idempotencyKey: 'hull' },
      { title: 'y', idempotencyKey: 'hull' },
    ],
  ])('made %j; of %j after a restart it is a mistake', async (words, others) => {
    const house = await openHouse();
    const { json: first } = await post(house, '/tasks', words, key);

    const next = await house.restart();

    expect(await post(next, '/tasks', others, key)).toMatchObject({
      status: 422,
      json: { code: 'key_used_otherwise' },
    });
    const anew = { 'Idempotency-Key': 'another' };
    const { json } = await post(next, '/tasks', others, anew);
    expect(json.id === first.id).toBe('idempotencyKey' in others);
    expect(json.title).toBe('idempotencyKey' in others ? 'x' : others.title);
  });
});

describe('many tasks', () => {
  test('are counted first, then changed, each with an answer of its own', async () => {
    const house = await openHouse();
    const hulls = [
      await taskIn(house, { assignee: 'painter' }),
      await taskIn(house, { assignee: 'painter' }),
    ];
    const rope = await taskIn(house);
    const bulk = (body: object, headers = {}) => post(house, '/tasks/bulk', body, headers);
    const filter = { assignee: 'painter' };

    expect(await bulk({ action: 'archive', filter, dryRun: true })).toMatchObject({
      json: { matching: 2, done: 0, dryRun: true, results: hulls.map((id) => ({ id })) },
    });
    expect(await bulk({ action: 'archive', filter, expected: 3 })).toMatchObject({ status: 412 });
    expect(await bulk({ action: 'archive', filter, expected: 2 })).toMatchObject({
      json: { matching: 2, done: 2 },
    });
    expect(await bulk({ action: 'promote', ids: [rope, 'T-0000000000'] })).toMatchObject({
      json: {
        done: 1,
        results: [{ id: rope }, { ok: false, error: { code: 'no_such_task', status: 404 } }],
      },
    });
    expect((await house.ask('/api/v1/tasks')).json.tasks).toMatchObject([{ id: rope }]);
  });

  test.each([
    [{ action: 'archive' }, 400],
    [{ action: 'explode', filter: {} }, 400],
    [{ action: 'prioritize', with: { priority: 'high' }, filter: {} }, 400],
    [{ action: 'complete', with: { summary: 'x' }, filter: {} }, 400],
  ])('%j is refused', async (body, status) => {
    const house = await openHouse();
    await taskIn(house);
    await taskIn(house);

    expect(await post(house, '/tasks/bulk', body)).toMatchObject({ status });
    expect((await house.ask('/api/v1/tasks')).json.total).toBe(2);
  });
});

test('the board is paused and resumed', async () => {
  const house = await openHouse();

  expect(await post(house, '/board/pause', { reason: 'storm' })).toMatchObject({
    json: { isPaused: true, changed: true },
  });
  expect(await post(house, '/board/pause')).toMatchObject({ json: { changed: false } });
  expect(await post(house, '/board/resume')).toMatchObject({ json: { isPaused: false } });
  expect(await post(house, '/board/rename', { name: 'north quay' })).toMatchObject({
    json: { name: 'north quay' },
  });
});
