/** Forgetting over HTTP: the text is gone, from the files and from what the server remembers. */
import { describe, expect, test } from 'vitest';
import { accepted, ada } from '../kit/callers.ts';
import { filesWith } from '../main/forget/a-secret.ts';
import { openHouse } from './a-door.ts';
import { sealedTask } from './calls.ts';
import { framesOf } from './frames.ts';

const secret = 'Annamaria-Zweiundvierzig';

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
