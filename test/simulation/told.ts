/** How a test tells a violation: what was found, and the one command that shows it again. */
import type { Story } from '../../tools/simulate/story.ts';

/** A violation in a line; the seed alone when there is none. */
export function told({ seed, violation }: Story): string {
  const found = violation === undefined ? '' : `: [${violation.invariant}] ${violation.found}`;
  return `npm run simulate -- --seed ${seed}${found}`;
}
