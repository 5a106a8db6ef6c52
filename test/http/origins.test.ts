/** The page under other names than its own: of a network, and of a proxy with TLS. */
import { expect, test } from 'vitest';
import type { DoorRefused } from '../../src/http/listen.ts';
import { askRaw, type OpenHouse, openHouse } from './a-door.ts';

const atLoopback = { host: '127.0.0.1', port: 0 };
const proxied = { ...atLoopback, knownAs: ['https://Board.example.org'] };

/** A browser signs in through a proxy that passes `Host` on; answers the status and its cookie. */
async function signIn(house: OpenHouse, host: string, origin?: string) {
  const said = origin === undefined ? [] : [['Origin', origin] as const];
  const type = ['Content-Type', 'application/json'] as const;
  const answered = await askRaw(house.host, {
    method: 'POST',
    path: '/api/v1/session',
    headers: [['Host', host], type, ...said],
    body: JSON.stringify({ code: house.door.newCode() }),
  });
  const [cookie = ''] = [answered.headers['set-cookie']].flat();
  return { status: answered.status, cookie: String(cookie) };
}

test('behind a proxy with TLS a browser signs in and writes, with a cookie for TLS', async () => {
  const house = await openHouse(proxied);
  const [host, origin] = ['board.example.org', 'https://board.example.org'];

  const { status, cookie } = await signIn(house, host, origin);
  const written = await askRaw(house.host, {
    method: 'POST',
    path: '/api/v1/tasks',
    headers: [
      ['Host', host],
      ['Origin', origin],
      ['Content-Type', 'application/json'],
      ['Cookie', cookie.split(';')[0] ?? ''],
    ],
    body: '{"title":"Paint the hull"}',
  });
  const signedOut = await askRaw(house.host, {
    method: 'DELETE',
    path: '/api/v1/session',
    headers: [
      ['Host', host],
      ['Origin', origin],
    ],
  });

  expect(status).toBe(200);
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  expect(written.status).toBe(201);
  expect(signedOut.headers['set-cookie']).toEqual([expect.stringMatching(/Max-Age=0.*; Secure$/)]);
});

test.each([
  ['without TLS', 'board.example.org', 'http://board.example.org', 403],
  ['at another port', 'board.example.org', 'https://board.example.org:8443', 403],
  ['of a name that begins alike', 'board.example.org', 'https://board.example.org.evil.com', 403],
  ['of a name below', 'board.example.org', 'https://evil.board.example.org', 403],
  ['of nobody', 'board.example.org', 'null', 403],
  ['through a proxy that does not pass the host on', 'OWN', 'https://board.example.org', 403],
  ['over TLS to a name that has none', 'OWN', 'https://OWN', 403],
  ['for the port that is not said', 'board.example.org:443', 'https://board.example.org', 421],
  ['for another host', 'evil.com', 'https://board.example.org', 421],
])('behind a proxy nobody signs in from a page %s', async (_what, host, origin, status) => {
  const house = await openHouse(proxied);
  const [named, from] = [host, origin].map((text) => text.replace('OWN', house.host));

  expect(await signIn(house, named ?? '', from)).toEqual({ status, cookie: '' });
});

test('at the loopback address all is as without a proxy', async () => {
  const house = await openHouse(proxied);
  const { address, page } = house.door;

  const { status, cookie } = await signIn(house, house.host, `http://${house.host}`);

  expect([address, page]).toEqual([`http://${house.host}`, 'https://board.example.org']);
  expect(status).toBe(200);
  expect(cookie).not.toContain('Secure');
});

test('an origin may have a port, and a host both a plain name and an origin', async () => {
  const name = 'board.example.org:8443';
  const house = await openHouse({ ...atLoopback, knownAs: [name, `https://${name}/`] });

  const overTls = await signIn(house, name, `https://${name}`);
  const plain = await signIn(house, name, `http://${name}`);

  expect(overTls).toMatchObject({ status: 200, cookie: expect.stringContaining('Secure') });
  expect(plain).toMatchObject({ status: 200, cookie: expect.not.stringContaining('Secure') });
});

test.each([
  'https://board.example.org/quay',
  'https://board.example.org?x',
  'https://ada@board.example.org',
  'ftp://board.example.org',
  'https://',
])('%s is no origin to be known as', async (name) => {
  await expect(openHouse({ ...atLoopback, knownAs: [name] })).rejects.toMatchObject({
    code: 'address_not_allowed',
    message: expect.stringContaining(name),
  });
});

test('who follows the hint of a refused address can sign in through a proxy', async () => {
  const opening = openHouse({ host: 'example.org', port: 0 }).then(() => undefined);
  const refused: DoorRefused | undefined = await opening.catch((fault) => fault);
  const [, origin = ''] = /--known-as (https:[^;\s]+)/.exec(refused?.hint ?? '') ?? [];
  const house = await openHouse({ ...atLoopback, knownAs: [origin] });

  expect(await signIn(house, new URL(origin).host, origin)).toMatchObject({ status: 200 });
});

test('without a page to go by, a cookie is for TLS where the host has nothing else', async () => {
  const house = await openHouse(proxied);
  const signOutAt = async (host: string) => {
    const token = ['Authorization', `Bearer ${house.token('reader')}`] as const;
    const asking = { method: 'DELETE', path: '/api/v1/session' };
    const { headers } = await askRaw(house.host, { ...asking, headers: [['Host', host], token] });
    return String(headers['set-cookie']);
  };

  expect(await signOutAt('board.example.org')).toContain('Secure');
  expect(await signOutAt(house.host)).not.toContain('Secure');
});
