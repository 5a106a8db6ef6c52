/** The door as a whole: who gets in, what is answered, and how it closes. */
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDoorSecrets, tokenFile } from '../../src/host/door-secrets.ts';
import { randomBytes } from '../../src/host/ids.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { openHouse } from './a-door.ts';

describe('who asks', () => {
  test('is told nothing without a token, and what is wrong with a wrong one', async () => {
    const { ask, token } = await openHouse();
    const wrong = `${token('operator').slice(0, -1)}_`;

    expect(await ask('/api/v1/board', { who: 'nobody' })).toMatchObject({ status: 401 });
    for (const header of [`Bearer ${wrong}`, 'Bearer ', 'Basic YTpi', token('operator')]) {
      const headers = { Authorization: header };
      const { status, json } = await ask('/api/v1/board', { who: 'nobody', headers });
      expect({ status, code: json.code }).toEqual({ status: 401, code: 'not_authenticated' });
    }
    expect(await ask('/api/v1/board')).toMatchObject({ status: 200 });
  });

  test('cannot try many tokens, and keeps nobody else waiting by it', async () => {
    const { ask } = await openHouse();
    const guess = () =>
      ask('/api/v1/stats', { who: 'nobody', headers: { Authorization: guessed } });
    const guessed = `Bearer ${'x'.repeat(43)}`;

    const guesses = await Promise.all(Array.from({ length: 60 }, guess));

    expect(guesses.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
    expect(guesses.every(({ status }) => status === 429 || status === 401)).toBe(true);
    expect(await ask('/api/v1/stats')).toMatchObject({ status: 200 });
  });

  test('signs a browser in with a code, once, for a cookie that no script can read', async () => {
    const { ask, door, host } = await openHouse();
    const code = door.newCode();
    const headers = { Origin: `http://${host}` };
    const signIn = () => ask('/api/v1/session', { who: 'nobody', body: { code }, headers });

    const signedIn = await signIn();
    const again = await signIn();

    expect(signedIn).toMatchObject({ status: 200, json: { role: 'operator' } });
    expect(again).toMatchObject({ status: 401 });
    const [cookie = ''] = signedIn.headers.getSetCookie();
    expect(cookie).toMatch(/^logboard_\d+=.+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const [pair = ''] = cookie.split(';');
    const asPage = (value: string) =>
      ask('/api/v1/session', { who: 'nobody', headers: { Cookie: value } });
    expect(await asPage(pair)).toMatchObject({ status: 200, json: { role: 'operator' } });
    expect(await asPage(pair.replace('operator', 'reader'))).toMatchObject({ status: 401 });
    expect(await asPage(`${pair}x`)).toMatchObject({ status: 401 });
  });

  test('may do what its role may, and is told which one would', async () => {
    const { ask } = await openHouse();

    expect(await ask('/api/v1/codes', { who: 'reader', body: {} })).toMatchObject({
      status: 403,
      json: { code: 'role_not_allowed', facts: { role: 'reader', allowed: ['operator'] } },
    });
    expect(await ask('/api/v1/board', { who: 'worker' })).toMatchObject({ status: 403 });
    expect(await ask('/api/v1/board', { who: 'reader' })).toMatchObject({ status: 200 });
  });

  test('finds no door where somebody else could have read the secrets', () => {
    const directory = tempDir();
    const first = openDoorSecrets(directory, randomBytes);
    const file = tokenFile(directory, 'operator');

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(openDoorSecrets(directory, randomBytes)).toEqual(first);
    rmSync(file);
    const second = openDoorSecrets(directory, randomBytes);
    expect(second.tokenHashes.reader).toBe(first.tokenHashes.reader);
    expect(second.tokenHashes.operator).not.toBe(first.tokenHashes.operator);
    expect(second.cookieKey).not.toEqual(first.cookieKey);
    chmodSync(file, 0o640);
    expect(() => openDoorSecrets(directory, randomBytes)).toThrow(/can be read or changed/);
    chmodSync(file, 0o600);
    writeFileSync(file, '');
    expect(() => openDoorSecrets(directory, randomBytes)).toThrow(/does not hold a secret/);
  });
});

describe('the address', () => {
  test.each(['0.0.0.0', '::', '192.168.1.4', 'example.org'])(
    '%s is not listened at, unless that is asked for in so many words',
    async (host) => {
      await expect(openHouse({ host, port: 0 })).rejects.toMatchObject({
        code: 'address_not_allowed',
      });
    },
  );

  test('that is every address needs a name, and nothing listens without one', async () => {
    const everywhere = { host: '0.0.0.0', port: 0, allowRemote: true };

    await expect(openHouse(everywhere)).rejects.toMatchObject({
      code: 'address_not_allowed',
      hint: expect.stringContaining('--known-as'),
    });
    const { door } = await openHouse({ ...everywhere, knownAs: ['board.lan:4747'] });
    expect(door.address).toBe('http://board.lan:4747');
  });

  test('of one network is a name that requests may carry', async () => {
    // Every address of 127/8 is this machine's own, and only the first counts as such here.
    const { ask, door } = await openHouse({ host: '127.0.0.2', port: 0, allowRemote: true });

    expect(door.address).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });

  test('may be a file that only its owner can open', async () => {
    const socket = join(tempDir(), 'door.sock');
    await openHouse({ socket });

    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const status = await new Promise((resolve, reject) => {
      const sending = httpRequest({ socketPath: socket, path: '/healthz' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.on('error', reject);
      sending.end();
    });
    expect(status).toBe(200);
    await expect(openHouse({ socket })).rejects.toMatchObject({ code: 'address_in_use' });
  });
});

describe('a body', () => {
  const origin = (host: string) => ({ Origin: `http://${host}` });

  test.each([
    ['no JSON', '{', 'bad_request'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'bad_request'],
    ['too deep', `${'['.repeat(100)}${']'.repeat(100)}`, 'bad_request'],
    ['poison', '{"__proto__":{"isAdmin":true}}', 'bad_request'],
    ['poison further in', '{"code":{"constructor":{"prototype":{}}}}', 'bad_request'],
    ['a key nobody knows', '{"code":"x","isAdmin":true}', 'invalid'],
  ])('that is %s is not taken', async (_what, body, code) => {
    const { door, host } = await openHouse();

    const response = await fetch(`${door.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...origin(host) },
      body,
    });

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test('that is too large is not read', async () => {
    const { ask, host } = await openHouse();
    const asking = { who: 'nobody', body: { code: 'x'.repeat(300_000) } } as const;

    const answered = await ask('/api/v1/session', { ...asking, headers: origin(host) });

    expect(answered).toMatchObject({ status: 413, json: { code: 'too_large' } });
  });
});

describe('an answer', () => {
  test('says which place in the log it contains, and a read waits for no less', async () => {
    const { ask, board } = await openHouse();
    const { position } = await board.log.head();

    const { headers } = await ask(`/api/v1/board?minPosition=${position}`);

    expect(headers.get('logboard-position')).toBe(`${position}`);
    expect(await ask('/api/v1/board?minPosition=99999')).toMatchObject({
      status: 404,
      json: { code: 'beyond_head', facts: { head: position } },
    });
    expect(await ask(`/api/v1/board?at=1&at=1`)).toMatchObject({ status: 400 });
    expect(await ask(`/api/v1/board?ta=1`)).toMatchObject({ status: 400 });
  });

  test('about the past is what was known then', async () => {
    const { ask, board } = await openHouse();
    const ada = board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
    await ada.create({ title: 'Paint the hull' });
    await ada.create({ title: 'Paint the mast' });

    const titles = async (query: string) =>
      (await ask(`/api/v1/tasks${query}`)).json.tasks.map(({ title }: { title: string }) => title);

    expect(await titles('')).toEqual(['Paint the hull', 'Paint the mast']);
    expect(await titles('?at=2')).toEqual(['Paint the hull']);
    expect(await titles('?at=1')).toEqual([]);
    expect(await ask('/api/v1/tasks?at=2031-01-01T00:00:00Z')).toMatchObject({ status: 404 });
  });

  test('about a way that is not there says so', async () => {
    const { ask } = await openHouse();

    expect(await ask('/api/v1/nowhere')).toMatchObject({ status: 404 });
    expect(await ask('/api/v1/board', { body: {} })).toMatchObject({
      status: 405,
      json: { code: 'method_not_allowed' },
    });
    expect(await ask('/../../etc/passwd')).toMatchObject({ status: 404 });
    expect((await ask('/')).json).toContain('The page was not built.');
  });
});
