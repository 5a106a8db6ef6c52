/** Puts a route to work: who asks, what is asked, which moment of the board, and the answer. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { PastPoint } from '../app/position-at.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { callOf, commandIdOf } from './call.ts';
import type { DoorParts } from './door-parts.ts';
import { bodyBytesDefault, readJson } from './json-body.ts';
import type { OpenState } from './open-state.ts';
import { pointSchema, positionSchema } from './point.ts';
import type { Principal } from './principal.ts';
import { DoorProblem, doorProblem, parsed, problemOfRefusal, problemResponse } from './problem.ts';
import { type Call, isReading, type Reply, type Route } from './route.ts';

/**
 * Answers a request that reached a route; `params` are the pieces of its path, `hangUp` ends its
 * connection.
 */
export type Serve = (
  request: Request,
  params: Readonly<Record<string, string>>,
  hangUp: () => void,
) => Promise<Response>;

const noFields = z.strictObject({});
/** What every reading route may be asked besides. */
const whenFields = { minPosition: positionSchema.optional() };
const pastFields = { ...whenFields, at: pointSchema.optional() };

/** The whole query of a route, as it is checked and as the OpenAPI document has it. */
export function queryOf(route: Route): z.ZodObject {
  const own = (route.query ?? noFields) as z.ZodObject;
  if (!isReading(route)) return own;
  return own.extend(route.takesAt ? pastFields : whenFields);
}

/** A route over these parts. */
export function serveRoute(route: Route, parts: DoorParts, state: OpenState): Serve {
  const query = queryOf(route);

  async function ask(request: Request, raw: Readonly<Record<string, string>>): Promise<Checked> {
    const principal = route.allow === 'everybody' ? undefined : await state.authenticate(request);
    if (principal !== undefined) refuseOtherRoles(route, principal);
    const params = parsed(route.params ?? noFields, raw);
    const asked = parsed(query, fieldsOf(new URL(request.url).searchParams)) as When;
    const bytesMax = route.bodyBytesMax ?? bodyBytesDefault;
    const body = route.body && parsed(route.body, await readJson(request, bytesMax));
    return { principal, params, query: asked, body };
  }

  async function answer(
    from: Pick<Call, 'request' | 'hangUp'>,
    asked: Checked,
    board: DoorParts['board'],
  ): Promise<Response> {
    const { request } = from;
    const { principal, params } = asked;
    const revisionOf = route.revisionOf?.(params);
    const commandId = principal && commandIdOf(request, principal);
    const known = { ...asked, ...from, board, parts, state, revisionOf, commandId };
    const make = async () => responseOf(await route.handle(callOf(known)));
    const isOnce = !isReading(route) && route.takesBytes === undefined;
    if (!isOnce || commandId === undefined) return make();
    return state.once(commandId, fingerprintOf(request, asked), make);
  }

  return async (request, raw, hangUp) => {
    const from = { request, hangUp };
    const asked = await ask(request, raw);
    const early = await tooEarly(parts, asked.query);
    if (early !== undefined) return problemResponse(problemOfRefusal(early));
    const { at } = asked.query;
    if (at === undefined) return answer(from, asked, parts.board);
    const past = await parts.board.at(at);
    if (past.refused) return problemResponse(problemOfRefusal(past));
    try {
      return await answer(from, asked, past);
    } finally {
      await past.close();
    }
  };
}

function fingerprintOf({ headers }: Request, { params, query, body }: Checked): string {
  const said = JSON.stringify([headers.get('if-match'), params, query, body]);
  return createHash('sha256').update(said).digest('hex');
}

interface Checked {
  readonly principal: Principal | undefined;
  readonly params: unknown;
  readonly query: When;
  readonly body: unknown;
}

interface When {
  readonly minPosition?: number;
  readonly at?: PastPoint;
}

function refuseOtherRoles({ allow, summary }: Route, { role }: Principal): void {
  if (allow === 'everybody' || allow.includes(role)) return;
  const facts = { role, allowed: [...allow] };
  const message = `A ${role} may not do this: ${summary}.`;
  const hint = 'Use the token of a role that may.';
  throw new DoorProblem(doorProblem('role_not_allowed', message, hint, { facts }));
}

/** Who has not read so far yet must not be told less than it knows already. */
async function tooEarly({ board }: DoorParts, { minPosition }: When): Promise<Refusal | undefined> {
  if (minPosition === undefined) return undefined;
  const { position: head } = await board.log.head();
  if (head >= minPosition) return undefined;
  return refuse('beyond_head', `The log has not reached position ${minPosition} yet.`, {
    hint: 'Try again in a moment, or leave minPosition out.',
    facts: { position: minPosition, head },
  });
}

function responseOf(reply: Reply): Response {
  if (reply.refused) return problemResponse(problemOfRefusal(reply));
  if ('response' in reply) return reply.response;
  const { json, position, status = 200, headers } = reply;
  const place = position === undefined ? {} : { 'Logboard-Position': `${position}` };
  return Response.json(json, { status, headers: { ...noStore, ...place, ...headers } });
}

const noStore = { 'Cache-Control': 'no-store' };

/** One value a name: what is said twice is not guessed at. */
function fieldsOf(search: URLSearchParams): Readonly<Record<string, string>> {
  const names = [...search.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return Object.fromEntries(search);
  const hint = 'Give each parameter once; lists are separated by commas.';
  throw new DoorProblem(doorProblem('bad_request', 'A parameter is given twice.', hint));
}
