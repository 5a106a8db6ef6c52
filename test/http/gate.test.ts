/** What never gets as far as a route. */
import { describe, expect, test } from 'vitest';
import { routes } from '../../src/http/routes.ts';
import { secureHeaders } from '../../src/http/secure-headers.ts';
import { askRaw, openHouse } from './a-door.ts';

/** The path of a route with something in the place of its parameters. */
const somewhere = (path: string) => path.replaceAll(/\{\w+\}/g, 'T-0000000000');

describe('the gate', () => {
  test.each([
    ['evil.com'],
    ['evil.com:PORT'],
    ['127.0.0.1'],
    ['127.0.0.1.evil.com:PORT'],
    ['localhost.:PORT'],
    ['localhost.evil.com:PORT'],
    ['0.0.0.0:PORT'],
    ['2130706433:PORT'],
    ['0177.0.0.1:PORT'],
    ['0x7f.1:PORT'],
    ['[::ffff:127.0.0.1]:PORT'],
    ['user@127.0.0.1:PORT'],
    ['127.0.0.1:80'],
    [' '],
  ])('lets nobody in who asks for the host %j', async (named) => {
    const { host } = await openHouse();
    const [, port = ''] = host.split(':');
    const name = named.replace('PORT', port);

    for (const path of ['/healthz', '/', '/api/v1/board', '/nowhere']) {
      expect(await askRaw(host, { path, headers: [['Host', name]] })).toMatchObject({
        status: expect.toSatisfy((status: number) => status === 421 || status === 400),
      });
    }
  });

  test('lets this machine in under each of its own names', async () => {
    const { host } = await openHouse();
    const [, port] = host.split(':');

    for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      expect(await askRaw(host, { headers: [['Host', name]] })).toMatchObject({ status: 200 });
    }
  });

  test('takes no request with two hosts, with none, or for another server', async () => {
    const { host } = await openHouse();
    const own = ['Host', host] as const;

    for (const asking of [
      { headers: [own, ['Host', 'evil.com'] as const] },
      { headers: [['Accept', '*/*'] as const] },
      { headers: [own], path: 'http://evil.com/healthz' },
    ]) {
      expect((await askRaw(host, asking)).status).toBeGreaterThanOrEqual(400);
    }
  });

  const writes = routes.filter(({ method }) => method !== 'GET');
  test.each(writes.map(({ method, path }) => [method, path]))(
    'lets no other page %s %s',
    async (method, path) => {
      const { host, token } = await openHouse();
      const own = ['Host', host] as const;
      const json = ['Content-Type', 'application/json'] as const;
      const bearer = ['Authorization', `Bearer ${token('operator')}`] as const;
      const ask = async (headers: readonly (readonly [string, string])[], body = '{}') =>
        (await askRaw(host, { method, path: somewhere(path), headers: [own, ...headers], body }))
          .status;

      expect(await ask([json, bearer, ['Origin', 'https://evil.com']])).toBe(403);
      expect(await ask([json, bearer, ['Origin', 'null']])).toBe(403);
      expect(await ask([json, bearer, ['Origin', `https://${host}`]])).toBe(403);
      expect(await ask([json, bearer, ['Sec-Fetch-Site', 'cross-site']])).toBe(403);
      expect(await ask([json, bearer, ['Sec-Fetch-Site', 'same-site']])).toBe(403);
      expect(await ask([json])).toBe(403);
      expect(await ask([bearer, ['Content-Type', 'text/plain']])).toBe(415);
      expect(await ask([bearer, ['Content-Type', 'application/x-www-form-urlencoded']])).toBe(415);
      expect(await ask([bearer, json, ['Content-Encoding', 'gzip']])).toBe(415);
      expect(await ask([bearer])).toBe(415);
    },
  );

  test('lets a link of another site lead to the page, and another site read nothing', async () => {
    const { host } = await openHouse();
    const statusOf = async (path: string, site: string, mode: string) => {
      const said = [['Sec-Fetch-Site', site] as const, ['Sec-Fetch-Mode', mode] as const];
      return (await askRaw(host, { path, headers: [['Host', host], ...said] })).status;
    };

    for (const path of ['/', '/?at=5', '/index.html', '/healthz']) {
      expect(await statusOf(path, 'cross-site', 'navigate')).not.toBe(403);
      expect(await statusOf(path, 'cross-site', 'no-cors')).toBe(403);
      expect(await statusOf(path, 'same-site', 'cors')).toBe(403);
      expect(await statusOf(path, 'same-origin', 'cors')).not.toBe(403);
    }
    for (const path of ['/api/v1/board', '/%61pi/v1/board', '/x/../api/v1/board', '/metrics']) {
      expect(await statusOf(path, 'cross-site', 'navigate')).toBe(403);
      expect(await statusOf(path, 'none', 'navigate')).toBe(401);
      expect(await statusOf(path, 'same-origin', 'cors')).toBe(401);
    }
  });

  test('says the same to every browser, whatever it answers', async () => {
    const { fetch } = await openHouse();

    const answers = await Promise.all([
      fetch('/', { who: 'nobody' }),
      fetch('/nowhere'),
      fetch('/healthz', { headers: { Origin: 'https://evil.com' } }),
      fetch('/api/v1/board', { who: 'nobody' }),
      fetch('/api/v1/board'),
      fetch('/api/v1/session', { method: 'OPTIONS', headers: { Origin: 'https://evil.com' } }),
    ]);

    for (const { headers } of answers) {
      for (const [name, value] of Object.entries(secureHeaders)) {
        expect(headers.get(name)).toBe(value);
      }
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(answers.map(({ status }) => status)).toEqual([503, 404, 200, 401, 200, 405]);
  });
});
