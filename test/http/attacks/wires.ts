/** Requests that two programs may understand in two ways, sent byte by byte. */
import type { Arena, Attempt } from './arena.ts';

/** A whole request that would make a task, to be hidden in another. */
function hidden({ host, token }: Arena, title: string): string {
  const body = JSON.stringify({ title });
  return [
    'POST /api/v1/tasks HTTP/1.1',
    `Host: ${host}`,
    'Content-Type: application/json',
    `Authorization: Bearer ${token('operator')}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** Headers that say how long a body is, in ways that contradict each other or nobody should use. */
const lengths: readonly (readonly string[])[] = [
  ['Content-Length: 0', 'Content-Length: SIZE'],
  ['Content-Length: 0, SIZE'],
  ['Content-Length: +0'],
  ['Content-Length: -1'],
  ['Content-Length: 0x0'],
  ['Content-Length: 0 0'],
  ['Content-Length : 0'],
  ['Content-Length:\t0', 'Transfer-Encoding: chunked'],
  ['Content-Length: SIZE', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
  ['Transfer-Encoding: identity, chunked, identity'],
  ['Transfer-Encoding: xchunked'],
  ['Transfer-Encoding : chunked'],
  ['Transfer-Encoding:\x0bchunked'],
  ['Transfer-Encoding: \x00chunked'],
  ['Transfer-Encoding: chunked\x00'],
  ['Transfer-Encoding: "chunked"'],
  ['Transfer-Encoding: gzip, chunked'],
  [' Transfer-Encoding: chunked'],
  ['X: y\r\n Transfer-Encoding: chunked'],
  ['X: y\nTransfer-Encoding: chunked'],
  ['X: y\rTransfer-Encoding: chunked'],
];

/** First lines and lines that are none. */
const malformed: readonly string[] = [
  'GET /healthz',
  'GET /healthz HTTP/1.1 HTTP/1.1',
  'GET /healthz HTTP/9.9',
  'GET /healthz HTTP/0.9',
  'GET\t/healthz\tHTTP/1.1',
  'GET /heal\x00thz HTTP/1.1',
  'GET /healthz\x7f HTTP/1.1',
  'GET http://evil.com/healthz HTTP/1.1',
  'GET healthz HTTP/1.1',
  'GET * HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'CONNECT evil.com:443 HTTP/1.1',
  'TRACE /healthz HTTP/1.1',
  'PRI * HTTP/2.0',
  'PROPFIND / HTTP/1.1',
  '\x16\x03\x01\x02\x00\x01\x00',
  'EHLO evil.com',
  '*1\r\n$8\r\nFLUSHALL',
];

const upgrades: readonly string[] = ['websocket', 'h2c', 'TLS/1.0', 'anything'];

/** Whether a task was made that nobody should have been able to make. */
async function isThere({ board }: Arena, title: string): Promise<boolean> {
  const tasks = (await board.read()).tasks({}, {}, board.nowMs());
  return tasks.some((task) => task.title === title);
}

/** Nothing in it is a request that may be answered with anything but a no. */
export function wireAttempts(arena: Arena): readonly Attempt[] {
  const { host } = arena;
  const contradictions = lengths.flatMap((headers, at) =>
    ['GET /healthz', 'POST /api/v1/session', 'POST /nowhere'].flatMap((first) =>
      ['0\r\n\r\n', ''].map((before): Attempt => {
        const title = `smuggled ${at} ${first} ${before.length}`;
        const rest = `${before}${hidden(arena, title)}`;
        return {
          name: `${first} with ${JSON.stringify(headers)}`,
          async try(on) {
            const own = headers.map((line) => line.replace('SIZE', String(rest.length)));
            const heard = await on.wire(
              [`${first} HTTP/1.1`, `Host: ${host}`, ...own, '', rest].join('\r\n'),
            );
            return (await isThere(on, title)) ? heard.slice(0, 100) : undefined;
          },
        };
      }),
    ),
  );
  const lines = malformed.map(
    (line): Attempt => ({
      name: JSON.stringify(line),
      async try({ wire }) {
        const heard = await wire(`${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        return /^HTTP\/1\.1 2/.test(heard) ? heard.slice(0, 100) : undefined;
      },
    }),
  );
  const switches = upgrades.map(
    (protocol): Attempt => ({
      name: `upgrade to ${protocol}`,
      async try({ wire }) {
        const upgrade = ['Connection: Upgrade', `Upgrade: ${protocol}`, 'HTTP2-Settings: AAMAAABk'];
        const own = ['GET /api/v1/events/stream HTTP/1.1', `Host: ${host}`, ...upgrade];
        const key = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'];
        const heard = await wire([...own, ...key, '', ''].join('\r\n'));
        return /^HTTP\/1\.1 (101|2)/.test(heard) ? heard.slice(0, 100) : undefined;
      },
    }),
  );
  const heavy = [
    ['a header of 64 KiB', `X: ${'a'.repeat(65_536)}`],
    ['2,000 headers', Array.from({ length: 2_000 }, (_, at) => `X-${at}: 1`).join('\r\n')],
    ['a header without a name', ': x'],
    ['a NUL in a header', 'X: a\x00b'],
    ['a header that is split', 'X: a\r\r\nSet-Cookie: b'],
  ].map(
    ([name = '', header = '']): Attempt => ({
      name,
      async try({ wire }) {
        const heard = await wire(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n${header}\r\n\r\n`);
        return /^HTTP\/1\.1 2/.test(heard) && name !== '2,000 headers' ? name : undefined;
      },
    }),
  );
  return [...contradictions, ...lines, ...switches, ...heavy];
}
