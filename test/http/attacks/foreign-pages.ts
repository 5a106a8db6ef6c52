/** What pages of other sites can make a browser send: to other names, from other origins. */
import { type Arena, type Attempt, everyRoute, unless } from './arena.ts';

/** Names by which a page of another site may reach this machine. */
const hosts = [
  'evil.com',
  'evil.com:PORT',
  '127.0.0.1',
  '127.0.0.1.evil.com:PORT',
  '127.0.0.1:PORT.evil.com',
  '127.0.0.1:PORT@evil.com',
  '127.0.0.1:0PORT',
  '127.0.0.1:+PORT',
  '127.0.0.1:PORT/',
  '127.0.0.1:PORT#',
  '127.0.0.1:PORT,evil.com',
  '127.0.0.1:80',
  '127.0.0.2:PORT',
  '127.1:PORT',
  '127.0.1:PORT',
  '2130706433:PORT',
  '0177.0.0.1:PORT',
  '0x7f.0.0.1:PORT',
  '0x7f000001:PORT',
  '0:PORT',
  '0.0.0.0:PORT',
  'localhost',
  'localhost.:PORT',
  'localhost.localdomain:PORT',
  'localhost.evil.com:PORT',
  'evil.localhost:PORT',
  'user@localhost:PORT',
  '[::]:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '[0:0:0:0:0:0:0:1]:PORT',
  '[::1%25lo]:PORT',
  '::1:PORT',
  'xn--lcalhost-54a:PORT',
  '169.254.169.254',
  '*:PORT',
  '.:PORT',
  '-',
];

type Headers = readonly (readonly [string, string])[];

const json: Headers = [['Content-Type', 'application/json']];

/** What a page of another site can add to a write that carries the user's own credentials. */
const disguises: Readonly<Record<string, Headers>> = {
  'from another site': [...json, ['Origin', 'https://evil.com']],
  'from a sandboxed frame': [...json, ['Origin', 'null']],
  'from another port': [...json, ['Origin', 'http://127.0.0.1:1']],
  'from a name that begins alike': [...json, ['Origin', 'http://HOST.evil.com']],
  'over TLS': [...json, ['Origin', 'https://HOST']],
  'with two origins': [...json, ['Origin', 'http://HOST'], ['Origin', 'https://evil.com']],
  'with an empty origin': [...json, ['Origin', '']],
  'by a form': [['Content-Type', 'application/x-www-form-urlencoded']],
  'by a form with files': [['Content-Type', 'multipart/form-data; boundary=x']],
  'as text': [['Content-Type', 'text/plain']],
  'as text that says JSON': [['Content-Type', 'text/plain; application/json']],
  'as JSON in another alphabet': [['Content-Type', 'application/json; charset=utf-16']],
  packed: [...json, ['Content-Encoding', 'gzip']],
  'by a beacon': [
    ['Content-Type', 'text/plain;charset=UTF-8'],
    ['Sec-Fetch-Site', 'cross-site'],
  ],
  'from a sibling site': [...json, ['Sec-Fetch-Site', 'same-site']],
};

/** The board by its path, and by others that a router may take for it. */
const spellings = [
  '/api/v1/board',
  '/%61pi/v1/board',
  '/ap%69/v1/board',
  '/api/v1/%62oard',
  '/x/../api/v1/board',
  '/./api/v1/board',
  '/x/%2e%2e/api/v1/board',
  '/x/.%2E/api/v1/board',
  '/%2e/api/v1/board',
  '/x\\..\\api/v1/board',
  '/.\\api/v1/board',
  '//api/v1/board',
  '/api//v1/board',
  '/api/v1/board#',
  '/api/v1/board?x=1',
  '/metrics',
  '/%6detrics',
  '/x/../metrics',
];

/** How a page of another site can make a browser read. */
const readings: readonly Headers[] = ['cross-site', 'same-site'].flatMap((site) =>
  ['navigate', 'no-cors', 'cors', 'websocket', 'same-origin'].map((mode): Headers => {
    return [['Sec-Fetch-Site', site] as const, ['Sec-Fetch-Mode', mode] as const];
  }),
);

/**
 * Other hosts everywhere; every spelling in every reading; every disguise on every route that
 * changes something.
 */
export function foreignPageAttempts(arena: Arena): readonly Attempt[] {
  const { cookies, host, token } = arena;
  const [, port = ''] = host.split(':');
  const bearer = ['Authorization', `Bearer ${token('operator')}`] as const;
  const rebound = hosts.flatMap((named) =>
    ['/', '/healthz', '/api/v1/board', '/api/v1/events/stream', '/nowhere'].map((path) => ({
      name: `as ${named}: ${path}`,
      async try({ raw }: Arena) {
        const headers = [['Host', named.replace('PORT', port)] as const, bearer];
        return unless(await raw({ path, headers }), 400, 421);
      },
    })),
  );
  const cookie = [['Cookie', cookies.operator] as const, ['Host', host] as const];
  const forged = everyRoute(arena)
    .filter(({ route }) => route.method !== 'GET')
    .flatMap(({ name, path, route: { method } }) =>
      Object.entries(disguises).map(([how, disguise]) => ({
        name: `${how}: ${name}`,
        async try({ board, raw }: Arena) {
          const before = await board.log.head();
          const added = disguise.map(([key, value]) => [key, value.replace('HOST', host)] as const);
          const answered = await raw({ method, path, headers: [...cookie, ...added], body: '{}' });
          const after = await board.log.head();
          if (after.position !== before.position) return 'something was written';
          return unless(answered, 400, 403, 415, 421);
        },
      })),
    );
  const peeked = spellings.flatMap((path) =>
    readings.flatMap((added) =>
      ['GET', 'HEAD'].map((method) => ({
        name: `${added.map(([, value]) => value).join(', ')}: ${method} ${path}`,
        async try({ raw }: Arena) {
          return unless(await raw({ method, path, headers: [...cookie, ...added] }), 400, 403);
        },
      })),
    ),
  );
  return [...rebound, ...forged, ...peeked];
}
