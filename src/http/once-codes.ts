/** Codes that sign a browser in, once each: what stands in the address that `serve` prints. */
import { createHash } from 'node:crypto';
import type { PageRole } from '../wire/page-role.ts';
import type { DoorParts } from './door-parts.ts';

/** How long a code may be used, in ms. */
export const codeAgeMs = 15 * 60_000;

/** Most codes that wait to be used; the oldest makes room. */
const codesMax = 100;

/** The codes of one door. They are kept in memory only, as hashes. */
export function createOnceCodes({ clock, randomBytes }: Pick<DoorParts, 'clock' | 'randomBytes'>) {
  const waiting = new Map<string, { role: PageRole; untilMs: number }>();

  return {
    /** A new code that makes a browser this role. */
    issue(role: PageRole): string {
      const code = Buffer.from(randomBytes(16)).toString('base64url');
      waiting.set(hashOf(code), { role, untilMs: clock.monoMs() + codeAgeMs });
      const [oldest] = waiting.keys();
      if (waiting.size > codesMax && oldest !== undefined) waiting.delete(oldest);
      return code;
    },
    /** What the code is good for, which ends it; undefined for all others. */
    redeem(code: string): PageRole | undefined {
      const hash = hashOf(code);
      const found = waiting.get(hash);
      waiting.delete(hash);
      return found !== undefined && clock.monoMs() < found.untilMs ? found.role : undefined;
    },
  };
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
