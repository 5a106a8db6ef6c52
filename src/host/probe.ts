/**
 * Is the process that was started then still there now?
 *
 * A pid is a number that gets used again, so it identifies nobody: boot id, pid, start time and
 * nonce together do. The answer has three values. `unknown` (a file that could not be read, say)
 * must never end a run or send a signal; it only means asking again later.
 */
import type { ProbeResult, ProcessIdentity } from '../dispatcher/ports.ts';
import { errnoOf } from './host-error.ts';
import { isOtherBoot } from './host-identity.ts';
import { hasEnded, type ProcessTable, type Unseen } from './process-table.ts';

/** A verdict with the facts behind it, as they go into the log. */
export interface ProbeEvidence extends ProbeResult {
  readonly because:
    | 'running'
    | 'no_start_time'
    | 'other_boot'
    | 'no_such_process'
    | 'ended'
    | 'other_start_time'
    | 'other_nonce'
    | 'hidden'
    | 'unreadable';
  /** State letter of the process that has the pid now. */
  readonly state?: string;
  /** Its start time. */
  readonly startTimeSeen?: number;
  /** Whether the nonce was found in its environment. */
  readonly nonceSeen?: boolean;
  /** What stood in the way of knowing. */
  readonly errno?: string;
}

/** A process as it was recorded; without a start time only its absence can be told. */
export interface RecordedProcess extends Omit<ProcessIdentity, 'startTime'> {
  readonly startTime: number | null;
}

/** Looks for the process that was recorded. Never throws. */
export type Probe = (identity: RecordedProcess) => ProbeEvidence;

/** Sends a signal; throws like `process.kill`. Signal 0 only asks whether the process exists. */
export type Kill = (pid: number, signal: NodeJS.Signals | 0) => void;

/** Makes the probe for processes of this boot. */
export function createProbe(deps: { table: ProcessTable; bootId: string; kill: Kill }): Probe {
  const { table, bootId, kill } = deps;
  return (identity) => {
    if (isOtherBoot(identity.bootId, bootId)) {
      return { verdict: 'dead', because: 'other_boot' };
    }
    const sight = table.stat(identity.pid);
    if (!sight.seen) {
      return judgeUnseen(sight, () => kill(identity.pid, 0));
    }
    const { state, startTime: startTimeSeen } = sight.value;
    const { startTime } = identity;
    if (startTime !== null && startTimeSeen !== startTime) {
      return { verdict: 'dead', because: 'other_start_time', state, startTimeSeen };
    }
    if (hasEnded(sight.value)) {
      return { verdict: 'dead', because: 'ended', state, startTimeSeen };
    }
    if (startTime === null) {
      return { verdict: 'unknown', because: 'no_start_time', state, startTimeSeen };
    }
    return { ...judgeNonce(identity, table), state, startTimeSeen };
  };
}

/** /proc may be missing or hide other people's processes: only the kernel's own no counts. */
function judgeUnseen(sight: Unseen, ask: () => void): ProbeEvidence {
  if (sight.why !== 'gone') {
    return { verdict: 'unknown', because: 'unreadable', errno: sight.errno };
  }
  try {
    ask();
    return { verdict: 'unknown', because: 'hidden' };
  } catch (error) {
    return errnoOf(error) === 'ESRCH'
      ? { verdict: 'dead', because: 'no_such_process' }
      : { verdict: 'unknown', because: 'hidden' };
  }
}

/** Start times have a grain of 10 ms, in which a pid can be used again: the nonce has none. */
function judgeNonce(identity: RecordedProcess, table: ProcessTable): ProbeEvidence {
  if (identity.nonce === undefined) {
    return { verdict: 'alive', because: 'running' };
  }
  const sight = table.nonce(identity.pid);
  if (!sight.seen) {
    return sight.why === 'gone'
      ? { verdict: 'dead', because: 'no_such_process', errno: sight.errno }
      : { verdict: 'unknown', because: 'unreadable', errno: sight.errno };
  }
  return sight.value === identity.nonce
    ? { verdict: 'alive', because: 'running', nonceSeen: true }
    : { verdict: 'dead', because: 'other_nonce', nonceSeen: false };
}
