/**
 * Every route × everybody who might ask: made of the table of routes, so that none is forgotten.
 * Who may is let through; who may not is turned away, and nothing has happened.
 */
import type { Role } from '../../../src/http/principal.ts';
import { type Arena, type Attempt, everyRoute, unless } from './arena.ts';

/** Somebody with something to show; the role that it makes of them, if it does. */
interface Caller {
  readonly who: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly role: Role | undefined;
  /** A run whose own routes it may use; of others it knows nothing. */
  readonly ownRun?: string;
  /** Good for reading only: a browser's cookie without the origin of the page. */
  readonly readsOnly?: true;
}

/** The cells of the matrix that say no. */
export function rightsAttempts(arena: Arena): readonly Attempt[] {
  return callersOf(arena).flatMap((caller) =>
    everyRoute(arena)
      .filter(({ route }) => !mayCall(caller, route))
      .map(({ name, path, route }) => ({
        name: `${caller.who}: ${name}`,
        async try({ board, raw }) {
          const before = await board.log.head();
          const answered = await raw({ ...asking(arena, route, caller), path: withQuery(path) });
          const after = await board.log.readAll({ after: before.position, limit: 10 });
          const done = after.filter(({ type }) => !/Refus/.test(type));
          if (done.length > 0) return `${answered.status}, and ${done[0]?.type} happened`;
          return unless({ ...answered, json: answered.text }, 401, 403, 429);
        },
      })),
  );
}

/** The cells that say yes, each with whether it did. */
export async function allowedCells(arena: Arena): Promise<readonly [string, number][]> {
  const cells: [string, number][] = [];
  for (const caller of callersOf(arena)) {
    for (const { name, path, route } of everyRoute(arena)) {
      if (!mayCall(caller, route) || /stream|session|pause/.test(name)) continue;
      if (route.method !== 'GET') continue;
      const { status } = await arena.raw({ ...asking(arena, route, caller), path });
      cells.push([`${caller.who}: ${name}`, status]);
    }
  }
  return cells;
}

function mayCall(
  { role, ownRun, readsOnly }: Caller,
  { allow, method, path }: { allow: readonly Role[] | 'everybody'; method: string; path: string },
): boolean {
  if (readsOnly && method !== 'GET') return false;
  if (allow === 'everybody') return true;
  if (role === undefined || !allow.includes(role)) return false;
  return role !== 'run' || !path.includes('{runId}') || ownRun !== undefined;
}

/** What the routes of a run want to be told: the no must be about who says it. */
const bodies: Readonly<Record<string, object>> = {
  progress: { progress: 0.5 },
  block: { reason: 'which colour?' },
  comment: { body: 'mine' },
  exit: { exit: { code: 0 } },
};
const queries: Readonly<Record<string, string>> = { log: '?offset=0', artifact: '?name=x' };

function lastPiece(path: string): string {
  return path.split('/').at(-1) ?? '';
}

function withQuery(path: string): string {
  return `${path}${/\/runs\//.test(path) ? (queries[lastPiece(path)] ?? '') : ''}`;
}

function asking(
  { host }: Arena,
  { method, path }: { method: string; path: string },
  { headers }: Caller,
) {
  const isRead = method === 'GET';
  const type = isRead ? {} : { 'Content-Type': 'application/json' };
  const body = path.includes('{runId}') ? (bodies[lastPiece(path)] ?? {}) : {};
  const all = { Host: host, ...type, ...headers };
  return {
    method,
    headers: Object.entries(all),
    ...(isRead ? {} : { body: JSON.stringify(body) }),
  };
}

function callersOf(arena: Arena): readonly Caller[] {
  const { cookies, endedRun, host, otherRun, run, token } = arena;
  const bearer = (shown: string) => ({ Authorization: `Bearer ${shown}` });
  const cookie = (Cookie: string) => ({ Cookie, Origin: `http://${host}` });
  const [runId, runToken] = run.bearer.split('.') as [string, string];
  const operator = token('operator');
  const [name = ''] = cookies.reader.split('=');
  const claimed = cookies.reader.replace('=reader.', '=operator.');
  return [
    { who: 'reader', headers: bearer(token('reader')), role: 'reader' },
    { who: 'operator', headers: bearer(operator), role: 'operator' },
    { who: 'worker', headers: bearer(token('worker')), role: 'worker' },
    { who: 'worker of this run', headers: bearer(run.bearer), role: 'run', ownRun: runId },
    { who: 'worker of another run', headers: bearer(otherRun.bearer), role: 'run' },
    { who: 'page of a reader', headers: cookie(cookies.reader), role: 'reader' },
    { who: 'page of an operator', headers: cookie(cookies.operator), role: 'operator' },
    {
      who: 'cookie without the page',
      headers: { Cookie: cookies.operator },
      role: 'operator',
      readsOnly: true,
    },
    ...nobodies({
      'nobody at all': { Origin: `http://${host}` },
      'a run under the id of another': bearer(`${runId}.${otherRun.bearer.split('.')[1]}`),
      'a run of its own making': bearer(`R-000000000000.${runToken}`),
      'the token of a run without its id': bearer(runToken),
      'a token of a role as one of a run': bearer(`${runId}.${operator}`),
      'a token that is a little off': bearer(`${operator.slice(0, -1)}_`),
      'a token that is cut': bearer(operator.slice(0, -1)),
      'a token with more behind it': bearer(`${operator}x`),
      'a token in other letters': bearer(operator.toLowerCase()),
      'no token': bearer(''),
      'the token as a password': {
        Authorization: `Basic ${Buffer.from(`a:${operator}`).toString('base64')}`,
      },
      'the token as a cookie': cookie(`${name}=${operator}`),
      'a cookie that was changed': cookie(claimed),
      'a cookie for ever': cookie(cookies.operator.replace(/\.\d+\./, '.99999999999999.')),
      'a cookie of another board': cookie(cookies.operator.replace(name, `${name}1`)),
    }),
    { who: 'worker of an ended run', headers: bearer(endedRun.bearer), role: 'run' },
  ];
}

function nobodies(shown: Readonly<Record<string, Readonly<Record<string, string>>>>): Caller[] {
  return Object.entries(shown).map(([who, headers]) => ({ who, headers, role: undefined }));
}
