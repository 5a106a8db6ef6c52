/** Signing a browser in: a code, once, for a cookie that scripts cannot read. */
import * as z from 'zod';
import type { OpenState } from '../open-state.ts';
import { operators, readers } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { cookieAgeMs, sealCookie } from '../sealed-cookie.ts';

/** The routes about who is signed in. */
export const sessionRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/session',
    summary: 'sign a browser in with a code from the address that `serve` printed',
    allow: 'everybody',
    body: z.strictObject({ code: z.string().min(1).max(100) }),
    answer: z.object({ role: z.string() }),
    async handle({ body, parts, request, state }) {
      const role = state.codes.redeem(body.code);
      if (role === undefined)
        return state.authenticate.refuse('The code was used before, or is over.');
      const untilMs = parts.clock.nowMs() + cookieAgeMs;
      const value = sealCookie(parts.secrets.cookieKey, role, untilMs);
      return { json: { role }, headers: { 'Set-Cookie': cookieText(state, request, value) } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/session',
    summary: 'who is signed in',
    allow: readers,
    answer: z.object({ role: z.string() }),
    handle: async ({ principal }) => ({ json: { role: principal?.role } }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/session',
    summary: 'sign this browser out',
    allow: 'everybody',
    answer: z.object({ role: z.null() }),
    handle: async ({ request, state }) => ({
      json: { role: null },
      headers: { 'Set-Cookie': cookieText(state, request, '', 0) },
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/codes',
    summary: 'a code that signs another browser in, once',
    allow: operators,
    body: z.strictObject({ role: z.enum(['reader', 'operator']).default('operator') }),
    answer: z.object({ code: z.string(), path: z.string(), url: z.string().nullable() }),
    async handle({ body, state }) {
      const code = state.codes.issue(body.role);
      const path = `/#code=${code}`;
      const url = state.page === undefined ? null : `${state.page}${path}`;
      return { json: { code, path, url }, status: 201 };
    },
  }),
];

function cookieText(
  { cookie, isOverTls }: Pick<OpenState, 'cookie' | 'isOverTls'>,
  request: Request,
  value: string,
  ageMs = cookieAgeMs,
): string {
  const age = `Max-Age=${Math.floor(ageMs / 1_000)}`;
  const secure = isOverTls(request) ? ['Secure'] : [];
  return [`${cookie}=${value}`, 'Path=/', age, 'HttpOnly', 'SameSite=Strict', ...secure].join('; ');
}
