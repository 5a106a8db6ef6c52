/** What a browser is given instead of a token: a role and a date, signed by this board. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PageRole } from '../wire/page-role.ts';

/** How long a browser stays signed in, in ms. */
export const cookieAgeMs = 30 * 24 * 3_600_000;

/** The value of a cookie for a role, good until `untilMs` (UTC ms). */
export function sealCookie(key: Uint8Array, role: PageRole, untilMs: number): string {
  const said = `${role}.${untilMs}`;
  return `${said}.${signature(key, said)}`;
}

/** The role in a cookie; undefined when it is over or not ours. */
export function openCookie(key: Uint8Array, value: string, nowMs: number): PageRole | undefined {
  const [, said = '', role, until, shown = ''] = /^((\w+)\.(\d+))\.([\w-]+)$/.exec(value) ?? [];
  if (!isSame(signature(key, said), shown) || Number(until) <= nowMs) return undefined;
  return role === 'reader' || role === 'operator' ? role : undefined;
}

/** Compares without telling by the time it takes how much of two texts agrees. */
export function isSame(wanted: string, shown: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(shown)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function signature(key: Uint8Array, said: string): string {
  return createHmac('sha256', key).update(said).digest('base64url');
}
