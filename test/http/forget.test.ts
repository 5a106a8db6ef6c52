/** Forgetting over HTTP: the text is gone, from the files and from what the server remembers. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { accepted, ada } from '../kit/callers.ts';
import { bundleChild } from '../kit/child.ts';
import { filesWith } from '../main/forget/a-secret.ts';
import { openHouse } from './a-door.ts';
import { sealedTask } from './calls.ts';
import { framesOf } from './frames.ts';

const secret = 'Annamaria-Zweiundvierzig';

/** Somebody at the command line, whose program shares nothing with the server but the files. */
async function forgetElsewhere(directory: string, task: string): Promise<void> {
  const child = new URL('../main/forget/children/forget-until.ts', import.meta.url);
  const program = await bundleChild(child.pathname);
  await promisify(execFile)(process.execPath, [program, directory, task, 'never']);
}

describe('a task that is forgotten over HTTP', () => {
  test('is gone from the board, its files, and the streams of whoever comes back', async () => {
    const house = await openHouse();
    const { ask, directory, board } = house;
    await framesOf(house, '/api/v1/events/stream?after=0', 1);
    const task = await sealedTask(house, { title: secret, body: secret });
    await accepted(board.as(ada).comment(task, { body: secret }));
    const stream = `/api/v1/events/stream?after=1&task=${task}`;
    expect(JSON.stringify(await framesOf(house, stream, 2))).toContain(secret);
    const path = `/api/v1/tasks/${task}/forget`;

    const slip = await ask(path, { body: { confirm: 'yes' } });
    const forgotten = await ask(path, { body: { confirm: task, reason: 'asked for' } });
    const again = await ask(path, { body: { confirm: task } });

    expect(slip).toMatchObject({ status: 400, json: { code: 'invalid', facts: { taskId: task } } });
    expect(forgotten).toMatchObject({ status: 200, json: { status: 'tombstoned', changed: true } });
    expect(again).toMatchObject({ status: 200, json: { changed: false } });
    expect(filesWith(directory, secret)).toEqual([]);
    const later = [
      await framesOf(house, stream, 3),
      (await ask(`/api/v1/tasks/${task}`)).json,
      (await ask(`/api/v1/events?task=${task}`)).json,
      (await ask('/api/v1/board')).json,
    ];
    expect(JSON.stringify(later)).not.toContain(secret);
    expect(JSON.stringify(later)).toContain('asked for');
  });

  test('is in no answer that is kept for repeats, whoever forgot it', async () => {
    const house = await openHouse();
    const { ask, directory } = house;
    const task = await sealedTask(house, { title: secret });
    const path = `/api/v1/tasks/${task}`;
    const under = (key: string) => ({ headers: { 'Idempotency-Key': key } });
    const edit = { ...under('edit'), method: 'PATCH', body: { body: secret } };
    const block = { ...under('block'), body: { reason: secret } };
    const first = [await ask(path, edit), await ask(`${path}/block`, block)];
    const replayed = [await ask(path, edit), await ask(`${path}/block`, block)];
    expect(JSON.stringify(replayed.map(({ json }) => json))).toContain(secret);
    expect(replayed.map(({ json }) => json)).toEqual(first.map(({ json }) => json));
    expect(replayed[0]?.headers.get('idempotency-replayed')).toBe('true');

    await forgetElsewhere(directory, task);

    for (const { status, json } of [await ask(path, edit), await ask(`${path}/block`, block)]) {
      expect(status).toBe(200);
      expect(json).toMatchObject({ id: task, status: 'tombstoned', changed: true });
      expect(JSON.stringify(json)).not.toContain(secret);
    }
  });

  test('is told to be forgotten by this very request, however often it is sent', async () => {
    const house = await openHouse();
    const task = await sealedTask(house, { title: secret });
    const asking = { headers: { 'Idempotency-Key': 'once' }, body: { confirm: task } };

    const path = `/api/v1/tasks/${task}/forget`;
    const first = await house.ask(path, asking);
    const again = await house.ask(path, asking);

    expect(first.json).toMatchObject({ status: 'tombstoned', changed: true });
    expect(again.json).toMatchObject({ status: 'tombstoned', changed: true });
  });

  test('is refused where its text was never encrypted', async () => {
    const { ask, board } = await openHouse();
    const { taskId } = await accepted(board.as(ada).create({ title: 'In plain text' }));

    const { status, json } = await ask(`/api/v1/tasks/${taskId}/forget`, {
      body: { confirm: taskId },
    });

    expect(status).toBe(409);
    expect(json.detail).toContain(taskId);
    expect((await ask(`/api/v1/tasks/${taskId}`)).json).toMatchObject({ status: 'ready' });
  });
});
