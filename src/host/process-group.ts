/**
 * Ends a run's processes: TERM, a time of grace, KILL, and a last look that all of them are gone.
 *
 * A workspace may be given to the next worker only after `gone`, `was_gone` or `not_ours`. No
 * signal is sent to a process that was not recognised, in the same moment, by its nonce or by its
 * kinship with one that was.
 */
import type { GroupEnd, WorkerIdentity } from '../dispatcher/ports.ts';
import { createBreathe } from '../log/breathe.ts';
import type { Clock, Timers } from '../log/ports.ts';
import { pause } from './clock.ts';
import { errnoOf } from './host-error.ts';
import type { Kill, Probe } from './probe.ts';
import { findFamily, isSame } from './process-family.ts';
import type { TakeSnapshot } from './process-snapshots.ts';
import { hasEnded, type ProcessStat, type ProcessTable } from './process-table.ts';

/**
 * How an attempt to end a run's processes went.
 *
 * - `gone`: they were there; now none is left.
 * - `was_gone`: none was left to begin with.
 * - `not_ours`: the same, and a stranger has the pid now; it was not touched.
 * - `unkillable`: some outlived KILL (uninterruptible, frozen, or another user's): try again.
 * - `unknown`: the process table could not be read: try again.
 */
export interface GroupEndReport extends GroupEnd {
  /** Every signal sent, in order; a negative pid is a process group. */
  readonly signalled: readonly { readonly pid: number; readonly signal: NodeJS.Signals }[];
}

/**
 * Ends the processes of the run whose launcher is given. `killGraceMs` passes between TERM and
 * KILL, and again (2 s at least) between KILL and giving up. Never rejects.
 */
export type EndProcessGroup = (
  leader: WorkerIdentity,
  killGraceMs: number,
) => Promise<GroupEndReport>;

/** What ending a group takes from the world around it. */
export interface GroupEnderDeps {
  readonly table: ProcessTable;
  /** The first look, shared with others; every later one is this run's own. */
  readonly snapshot: TakeSnapshot;
  readonly probe: Probe;
  readonly kill: Kill;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Makes the function that ends process groups. */
export function createGroupEnder(deps: GroupEnderDeps): EndProcessGroup {
  const breathe = createBreathe(deps);
  return async (leader, killGraceMs) => {
    const { verdict, because } = deps.probe(leader);
    if (because === 'other_boot') {
      return { outcome: 'was_gone', signalled: [], survivors: [] };
    }
    const seen = verdict === 'unknown' ? undefined : await deps.snapshot();
    // Many runs share a look, and every search among all processes takes its time.
    await breathe();
    const family = seen && findFamily(leader, seen);
    if (family?.length === 0) {
      const stranger = because === 'other_start_time' || because === 'other_nonce';
      return { outcome: stranger ? 'not_ours' : 'was_gone', signalled: [], survivors: [] };
    }
    return endFamily(family, { ...deps, leader, killGraceMs });
  };
}

/** Undefined stands for a family that could not be seen in full. */
type Family = readonly ProcessStat[] | undefined;

async function endFamily(found: Family, ending: Ending): Promise<GroupEndReport> {
  const signalled: { pid: number; signal: NodeJS.Signals }[] = [];
  const send = (pid: number, signal: NodeJS.Signals) => {
    if (trySend(ending.kill, pid, signal)) {
      signalled.push({ pid, signal });
    }
  };
  let family = found;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (family?.length) {
      family = await press(signal, family, { ...ending, send });
    }
  }
  const survivors = (family ?? []).map(({ pid, state }) => ({ pid, state }));
  const outcome = !family ? 'unknown' : survivors.length === 0 ? 'gone' : 'unkillable';
  return { outcome, signalled, survivors };
}

interface Ending extends GroupEnderDeps {
  readonly leader: WorkerIdentity;
  readonly killGraceMs: number;
}

interface Pressing extends Ending {
  readonly send: (pid: number, signal: NodeJS.Signals) => void;
}

/** Even KILL takes a moment, however short the grace is. */
const confirmMsMin = 2_000;

/** First and longest time between two looks, in ms. */
const lookEveryMs = { first: 5, max: 250 };

/**
 * Signals the family and waits until nobody is left or the grace is over. Whoever joins meanwhile
 * gets KILL, but not TERM: a worker that tidies up may start programs to do so.
 */
async function press(
  signal: NodeJS.Signals,
  found: readonly ProcessStat[],
  pressing: Pressing,
): Promise<Family> {
  const { clock, leader, table, timers, killGraceMs } = pressing;
  const graceMs = signal === 'SIGKILL' ? Math.max(killGraceMs, confirmMsMin) : killGraceMs;
  const deadlineMs = clock.monoMs() + graceMs;
  let waitMs = lookEveryMs.first;
  let family = found;
  signalAll(signal, family, pressing);
  while (family.length > 0 && clock.monoMs() < deadlineMs) {
    await pause(timers, Math.min(waitMs, deadlineMs - clock.monoMs()));
    waitMs = Math.min(waitMs * 2, lookEveryMs.max);
    if (signal === 'SIGTERM' && family.some((it) => presentState(it, table))) {
      // A look at all processes takes some ms, and can wait until these have gone.
      continue;
    }
    const seen = findFamily(leader, table, family);
    if (!seen) {
      return undefined;
    }
    if (signal === 'SIGKILL') {
      const joined = seen.filter((it) => !family.some((old) => isSame(old, it)));
      signalAll(signal, joined, pressing);
    }
    family = seen;
  }
  return family;
}

/** The group in one call, so that no member escapes by forking; those who left it one by one. */
function signalAll(
  signal: NodeJS.Signals,
  members: readonly ProcessStat[],
  { leader, send, table }: Pressing,
): void {
  const present = members.flatMap((it) => presentState(it, table) ?? []);
  if (present.some((it) => it.group === leader.pid)) {
    send(-leader.pid, signal);
  }
  for (const { pid } of present.filter((it) => it.group !== leader.pid)) {
    send(pid, signal);
  }
}

/** How a member is now; undefined when it has ended. */
function presentState(member: ProcessStat, table: ProcessTable): ProcessStat | undefined {
  const sight = table.stat(member.pid);
  const isThere = sight.seen && isSame(sight.value, member) && !hasEnded(sight.value);
  return isThere ? sight.value : undefined;
}

/** A process that has just gone, or that is another user's, shows up in the next look. */
function trySend(kill: Kill, pid: number, signal: NodeJS.Signals): boolean {
  try {
    kill(pid, signal);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ESRCH' || errno === 'EPERM') {
      return false;
    }
    throw error;
  }
}
