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
  not_found: 'no such task, run, event, board or assignee',
  stale: 'the run is over or was taken over: stop working',
  nothing_to_claim: 'nothing is ready to be claimed',
  wrong_state: 'the task is not in a state that allows this',
  not_allowed: 'this program, its token or its user may not do this',
  unavailable: 'the board could not be reached or written right now: try again',
  difference: 'verify, doctor or diagnostics found something wrong, or the log is damaged',
  policy: 'a limit or hold of the policy says not now',
  interrupted: 'interrupted by a signal',
};

/** What HTTP says where the command line has an exit code. */
const statuses: Readonly<Record<ExitName, number>> = {
  done: 200,
  unexpected: 500,
  usage: 400,
  not_found: 404,
  stale: 409,
  nothing_to_claim: 409,
  wrong_state: 409,
  not_allowed: 403,
  unavailable: 503,
  difference: 500,
  policy: 409,
  interrupted: 503,
};

/** What only the HTTP door has to say no to: its code and its status. */
export const doorStatuses = {
  bad_request: 400,
  not_authenticated: 401,
  role_not_allowed: 403,
  foreign_origin: 403,
  foreign_host: 421,
  no_such_route: 404,
  method_not_allowed: 405,
  offset_ahead: 409,
  too_large: 413,
  wrong_content_type: 415,
  key_used_otherwise: 422,
  too_many_attempts: 429,
  too_many_streams: 503,
} as const;
/** A no of the HTTP door itself. */
export type DoorCode = keyof typeof doorStatuses;

const ofRefusal: Readonly<Record<RefusalCode, ExitName>> = {
  already_claimed: 'wrong_state',
  already_done: 'wrong_state',
  already_exists: 'wrong_state',
  audit_altered: 'difference',
  audit_cut: 'difference',
  audit_differs: 'difference',
  audit_key_differs: 'difference',
  before_first_event: 'not_found',
  beyond_head: 'not_found',
  bulk_summary: 'usage',
  cycle: 'wrong_state',
  held_until: 'policy',
  invalid: 'usage',
  no_such_assignee: 'not_found',
  no_such_board: 'not_found',
  no_such_event: 'not_found',
  no_such_parent: 'not_found',
  no_such_run: 'not_found',
  no_such_task: 'not_found',
  not_an_audit: 'usage',
  not_current_run: 'stale',
  not_ready: 'wrong_state',
  not_running: 'wrong_state',
  nothing_to_claim: 'nothing_to_claim',
  parents_open: 'wrong_state',
  past_is_read_only: 'not_allowed',
  people_only: 'not_allowed',
  range_empty: 'not_found',
  range_swapped: 'usage',
  revision_moved: 'wrong_state',
  run_moved: 'wrong_state',
  self_parent: 'usage',
  stale_run: 'stale',
  token_invalid: 'not_allowed',
  wrong_status: 'wrong_state',
};

/** Faults by their `code`; every other fault is unexpected unless trying again may help. */
const ofFault: Readonly<Record<string, ExitName>> = {
  address_in_use: 'unavailable',
  address_not_allowed: 'not_allowed',
  bad_board_name: 'usage',
  bad_config: 'usage',
  bad_log_url: 'usage',
  board_not_readable: 'not_allowed',
  contended: 'unavailable',
  copy_not_equal: 'difference',
  copy_sealed: 'not_allowed',
  copy_target_differs: 'wrong_state',
  copy_target_moved: 'unavailable',
  copy_thinned_since: 'wrong_state',
  door_refused: 'not_allowed',
  door_unreachable: 'unavailable',
  event_too_large: 'usage',
  file_exists: 'usage',
  git_failed: 'unavailable',
  home_not_private: 'not_allowed',
  incident_damaged: 'difference',
  incident_too_new: 'not_allowed',
  key_malformed: 'usage',
  key_missing: 'not_allowed',
  key_not_private: 'not_allowed',
  log_access_denied: 'not_allowed',
  log_damaged: 'difference',
  log_incomplete: 'difference',
  log_is_replica: 'usage',
  log_not_accessible: 'not_allowed',
  log_not_leader: 'unavailable',
  log_not_replica: 'usage',
  log_other_store: 'difference',
  log_read_only_node: 'unavailable',
  log_replaced: 'unavailable',
  log_second_cluster: 'usage',
  log_stopped: 'unavailable',
  log_stream_deleted: 'difference',
  log_tls: 'usage',
  log_too_new: 'not_allowed',
  log_unreachable: 'unavailable',
  log_unsafe: 'difference',
  network_file_system: 'usage',
  no_backup: 'usage',
  no_database: 'not_found',
  no_log: 'not_found',
  no_sealing_on_cluster: 'not_allowed',
  not_a_backup: 'usage',
  not_a_log: 'usage',
  not_absolute: 'usage',
  not_an_incident: 'usage',
  not_on_cluster: 'not_allowed',
  not_served: 'unavailable',
  past_is_read_only: 'not_allowed',
  projection_stopped: 'difference',
  segment_damaged: 'difference',
  segment_missing: 'difference',
  unreadable_event: 'difference',
  unsafe_name: 'usage',
  unsafe_path: 'usage',
  unsafe_permissions: 'not_allowed',
  usage: 'usage',
};

/** What the operating system says no with, and what people can do about it. */
const ofErrno: Readonly<Record<string, readonly [name: ExitName, hint: string]>> = {
  EACCES: ['not_allowed', 'Check the rights on this path.'],
  EPERM: ['not_allowed', 'Check the rights on this path.'],
  EROFS: ['not_allowed', 'The file system is read-only: choose another place.'],
  EEXIST: ['usage', 'Something else is in this place: choose another.'],
  EISDIR: ['usage', 'This is a directory: name a file.'],
  ENAMETOOLONG: ['usage', 'Choose a shorter path.'],
  ENOENT: ['usage', 'Check the path.'],
  ENOTDIR: ['usage', 'A file stands where a directory is needed: check the path.'],
  EDQUOT: ['unavailable', 'Free some space and try again.'],
  EMFILE: ['unavailable', 'Too many files are open: try again, or raise the limit.'],
  ENOSPC: ['unavailable', 'Free some space and try again; nothing was half-written.'],
};

const hintOfUnexpected = 'Run `logboard doctor`; please report it if it stays.';

/** The exit code of a refusal. */
export function exitOfRefusal(code: RefusalCode): number {
  return exitCodes[ofRefusal[code]];
}

/** The HTTP status of a refusal. */
export function statusOfRefusal(code: RefusalCode): number {
  return code === 'revision_moved' ? 412 : statuses[ofRefusal[code]];
}

/** What a door says about a fault: its code, sentence, hint, exit code and HTTP status. */
export function describeFault(fault: unknown): {
  code: string;
  message: string;
  hint: string;
  exit: number;
  status: number;
} {
  const { code: given, hint, retryable } = (fault ?? {}) as Partial<Record<string, unknown>>;
  const code = typeof given === 'string' ? given : 'unexpected';
  const [nameOfErrno, hintOfErrno] = ofErrno[code] ?? [];
  const name = ofFault[code] ?? nameOfErrno ?? (retryable === true ? 'unavailable' : 'unexpected');
  return {
    code,
    message: fault instanceof Error ? fault.message : String(fault),
    hint: typeof hint === 'string' ? hint : (hintOfErrno ?? hintOfUnexpected),
    exit: exitCodes[name],
    status: statuses[name],
  };
}
