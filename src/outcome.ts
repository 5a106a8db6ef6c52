/** One table for all doors: what an outcome is called, and how each door says it. */
import type { RefusalCode } from './domain/refusal.ts';

/** Exit codes of the command line; the README's table is compared with this one by a test. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  not_found: 3,
  stale: 4,
  nothing_to_claim: 5,
  wrong_state: 6,
  not_allowed: 7,
  unavailable: 8,
  difference: 9,
  policy: 10,
  interrupted: 130,
} as const;
export type ExitName = keyof typeof exitCodes;

/** What each exit code means, in the README's words. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
  done: 'done, or nothing was left to do',
  unexpected: 'a fault of Logboard itself',
  usage: 'the command, its input or the configuration is malformed',
  not_found: 'no such task, run, board or assignee',
  stale: 'the run is over or was taken over: stop working',
  nothing_to_claim: 'nothing is ready to be claimed',
  wrong_state: 'the task is not in a state that allows this',
  not_allowed: 'the token shown does not allow this',
  unavailable: 'the board could not be reached or written right now: try again',
  difference: 'verify found a difference, or the log is damaged',
  policy: 'a limit or hold of the policy says not now',
  interrupted: 'interrupted by a signal',
};

const ofRefusal: Readonly<Record<RefusalCode, ExitName>> = {
  already_claimed: 'wrong_state',
  already_done: 'wrong_state',
  already_exists: 'wrong_state',
  bulk_summary: 'usage',
  cycle: 'wrong_state',
  held_until: 'policy',
  invalid: 'usage',
  no_such_assignee: 'not_found',
  no_such_board: 'not_found',
  no_such_parent: 'not_found',
  no_such_run: 'not_found',
  no_such_task: 'not_found',
  not_current_run: 'stale',
  not_ready: 'wrong_state',
  not_running: 'wrong_state',
  nothing_to_claim: 'nothing_to_claim',
  parents_open: 'wrong_state',
  run_moved: 'wrong_state',
  self_parent: 'usage',
  stale_run: 'stale',
  token_invalid: 'not_allowed',
  wrong_status: 'wrong_state',
};

/** Faults by their `code`; every other fault is unexpected. */
const ofFault: Readonly<Record<string, ExitName>> = {
  bad_config: 'usage',
  contended: 'unavailable',
  log_damaged: 'difference',
  unreadable_event: 'difference',
};

/** The exit code of a refusal. */
export function exitOfRefusal(code: RefusalCode): number {
  return exitCodes[ofRefusal[code]];
}

/** What a door says about a fault: its code, sentence, hint and exit code. */
export function describeFault(fault: unknown): {
  code: string;
  message: string;
  hint: string;
  exit: number;
} {
  const { code, hint, retryable } = fault as Partial<Record<string, unknown>>;
  const known = typeof code === 'string' ? ofFault[code] : undefined;
  const name = known ?? (retryable === true ? 'unavailable' : 'unexpected');
  return {
    code: typeof code === 'string' ? code : 'unexpected',
    message: fault instanceof Error ? fault.message : String(fault),
    hint: typeof hint === 'string' ? hint : 'Run `logboard doctor`; please report it if it stays.',
    exit: exitCodes[name],
  };
}
