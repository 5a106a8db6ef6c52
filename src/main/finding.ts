/** Findings of the doctor: what was looked at, how it is, and what to do. */
import type { Finding } from '../cli/upkeep.ts';
import { describeFault } from '../outcome.ts';

/** All is well. */
export function ok(check: string, found: string): Finding {
  return { check, state: 'ok', found, hint: '' };
}

/** Worth knowing; things work all the same. */
export function warn(check: string, found: string, hint: string): Finding {
  return { check, state: 'warn', found, hint };
}

/** Something does not work, or will not. */
export function bad(check: string, found: string, hint: string): Finding {
  return { check, state: 'bad', found, hint };
}

/** What looking found, or what kept it from looking. */
export async function look(check: string, see: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await see();
  } catch (fault) {
    const { message, hint } = describeFault(fault);
    return bad(check, message, sendsHere.test(hint) ? hintOfLast : hint);
  }
}

/** Whoever reads a finding of the doctor has been to the doctor. */
const sendsHere = /`logboard doctor`/;

const hintOfLast = 'Please report it, with everything that stands here.';
