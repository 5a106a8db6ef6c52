/** Who asks: by a token in a header, or by the cookie of a page that was signed in. */
import { createHash } from 'node:crypto';
import { createBadTries } from './bad-tries.ts';
import type { DoorParts } from './door-parts.ts';
import type { Principal } from './principal.ts';
import { DoorProblem, doorProblem } from './problem.ts';
import { isSame, openCookie } from './sealed-cookie.ts';

/** `Bearer <token>`, or of a run `Bearer <run id>.<token>`. */
const bearer = /^Bearer (?:(R-[0-9A-HJKMNP-TV-Z]{12})\.)?([\w-]{20,200})$/;

/** Finds out who asks. */
export interface Authenticate {
  /** Throws `DoorProblem` unless the request shows something that is good. */
  (request: Request): Promise<Principal>;
  /** Counts a wrong try; throws `DoorProblem`. */
  refuse(message: string): never;
}

/** Authentication by the secrets of a board; `cookie` is the name of its cookie. */
export function createAuthenticate(parts: DoorParts, cookie: string | undefined): Authenticate {
  const { secrets, clock, board } = parts;
  const badTries = createBadTries(clock);

  function refuse(message: string): never {
    const code = badTries.isOneTooMany() ? 'too_many_attempts' : 'not_authenticated';
    const headers =
      code === 'too_many_attempts' ? { 'Retry-After': '1' } : { 'WWW-Authenticate': 'Bearer' };
    throw new DoorProblem(doorProblem(code, message, showToken, { headers }));
  }

  async function byToken(header: string): Promise<Principal | undefined> {
    const [, runId, token] = bearer.exec(header) ?? [];
    if (token === undefined) return undefined;
    const tokenHash = createHash('sha256').update(token).digest('hex');
    if (runId !== undefined) return byRunToken(runId, tokenHash);
    const kept = Object.entries(secrets.tokenHashes) as [
      keyof typeof secrets.tokenHashes,
      string,
    ][];
    // All of them are compared, whichever fits.
    const fitting = kept.filter(([, hash]) => isSame(hash, tokenHash)).map(([role]) => role);
    const [role] = fitting;
    return role && { role, via: 'token' };
  }

  /** Whether the run goes on is for its commands to say: they tell who ended it, and when. */
  async function byRunToken(runId: string, tokenHash: string): Promise<Principal | undefined> {
    const run = (await board.read()).run(runId);
    const wanted = run?.opened.tokenHash;
    if (wanted === undefined || !isSame(wanted, tokenHash)) return undefined;
    return { role: 'run', via: 'token', runId, tokenHash };
  }

  function byCookie(header: string): Principal | undefined {
    for (const pair of header.split(/;\s*/)) {
      const [name, value = ''] = pair.split('=', 2);
      if (cookie === undefined || name !== cookie) continue;
      const role = openCookie(secrets.cookieKey, value, clock.nowMs());
      if (role !== undefined) return { role, via: 'page' };
    }
    return undefined;
  }

  const authenticate = async (request: Request): Promise<Principal> => {
    const header = request.headers.get('authorization');
    const cookies = request.headers.get('cookie');
    const found = header !== null ? await byToken(header) : byCookie(cookies ?? '');
    if (found !== undefined) return found;
    return refuse(header === null ? 'Nobody is signed in.' : 'The token is not good here.');
  };
  return Object.assign(authenticate, { refuse });
}

const showToken =
  'Open the link that `logboard sign-in` prints, or send Authorization: Bearer with a token.';
