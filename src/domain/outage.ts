/**
 * Outages: one assignee fails in the same way on one task after the other, so that not the tasks
 * are at fault but what they all need: a provider, a key, a program. Then one run at a time finds
 * out whether it works again, and what fails meanwhile is not held against its task.
 *
 * Everything follows from how runs ended, which the log knows: a restart forgets nothing, and
 * dispatchers side by side see the same outage. Ways to end are compared by what is typed, outcome
 * and exit code or errno, never by words.
 */
import type { Policy } from './policy.ts';
import type { EndRun } from './run/commands.ts';
import type { RunOutcome } from './task/events.ts';

/** How a run of the assignee ended, as far as that tells whether the assignee works. */
export interface CodedEnding {
  readonly taskId: string;
  readonly outcome: RunOutcome;
  /** Exit code or errno. */
  readonly code: string;
  readonly openedAtMs: number;
  readonly endedAtMs: number;
}

/** An assignee that fails everywhere. */
export interface Outage {
  /** How it fails: outcome and code. */
  readonly outcome: RunOutcome;
  readonly code: string;
  /** Tasks that it failed on. */
  readonly tasks: number;
  readonly sinceMs: number;
  /** When the next run may find out whether it works again, UTC ms. */
  readonly probeAtMs: number;
}

type Rules = Pick<Policy, 'outageTasks' | 'outageWindowMs' | 'probeAfterMs' | 'retryBackoffMaxMs'>;

/**
 * The outage that these endings make, oldest first, all of them since the assignee last gave an
 * answer or a person resumed the board; undefined when there is none. It begins with the same
 * ending on `outageTasks` different tasks within `outageWindowMs`.
 */
export function findOutage(endings: readonly CodedEnding[], rules: Rules): Outage | undefined {
  const last = endings.at(-1);
  const tasks = new Set(endings.map(({ taskId }) => taskId)).size;
  if (last === undefined || rules.outageTasks === 0 || tasks < rules.outageTasks) return undefined;
  const begun = endings.find((_, index) => isBeginning(endings.slice(0, index + 1), rules));
  if (begun === undefined) return undefined;
  const { outcome, code, endedAtMs: sinceMs } = begun;
  const probes = endings.filter(({ openedAtMs }) => openedAtMs >= sinceMs).length;
  return { outcome, code, tasks, sinceMs, probeAtMs: last.endedAtMs + probeDelayMs(probes, rules) };
}

/** Whether the last of these endings is the one too many. */
function isBeginning(endings: readonly CodedEnding[], rules: Rules): boolean {
  const last = endings.at(-1);
  const alike = endings.filter(
    ({ outcome, code, endedAtMs }) =>
      outcome === last?.outcome &&
      code === last.code &&
      endedAtMs >= last.endedAtMs - rules.outageWindowMs,
  );
  return new Set(alike.map(({ taskId }) => taskId)).size >= rules.outageTasks;
}

/** The wait before the next probe after so many that failed, in ms; it doubles. */
function probeDelayMs(failed: number, { probeAfterMs, retryBackoffMaxMs }: Rules): number {
  const growth = 2 ** Math.min(failed, 20);
  return Math.min(probeAfterMs * growth, Math.max(probeAfterMs, retryBackoffMaxMs));
}

/** How many runs an assignee may have during an outage: one, and none before its time. */
export function placesDuring({ probeAtMs }: Outage, nowMs: number): 0 | 1 {
  return nowMs >= probeAtMs ? 1 : 0;
}

/** Whether an outage can be to blame for an ending: only for one that says how, by a code. */
export function isExcusable(end: EndRun): boolean {
  return (
    end.type === 'ViolateProtocol' ||
    (end.type === 'FailSpawn' && end.errno !== undefined) ||
    (end.type === 'CrashRun' && end.exit.exitCode !== undefined)
  );
}
