/**
 * The rules of a board under stress: tasks that come back wait as long as their shape wants, and
 * are halted early enough for it to happen.
 */
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import type { Measures } from './hand.ts';

/** What all processes of a shape go by, and what their answers are held against. */
export function rulesOf({ backoffMs }: Measures): Policy {
  return { ...defaultPolicy, retryBackoffMs: backoffMs, recoveryLimit: 4, releaseLimit: 2 };
}
