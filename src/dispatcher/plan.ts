/**
 * The plan: from what is seen to what is to be done, as data. Pure, so that every rule is a line in
 * a test's table, a dry run costs nothing, and a crash between planning and doing costs one repeat.
 */
import type { LooseEnd } from '../../projections/index.ts';
import type { Policy } from '../domain/policy.ts';
import { judgeRun, lookAgainMs, type RunAction, settleMs, type Wait } from './judge.ts';
import type { LooseEndView, ReadyTask, RemainsView, View } from './view.ts';

/** Take a task and start its worker. */
export interface ClaimTask {
  readonly do: 'claim';
  readonly taskId: string;
  readonly assignee: string;
  /** The task names nobody yet, and gets this assignee first. */
  readonly isUnassigned: boolean;
}

/** End the processes that a finished run left behind, and give back what it held. */
export interface EndProcesses {
  readonly do: 'end_processes';
  readonly runId: string;
}

/** Finish what somebody else began and left half done. */
export interface MendLooseEnd {
  readonly do: 'mend';
  readonly runId: string;
  readonly end: LooseEnd;
  /** Since it was first seen, in ms: evidence. */
  readonly sinceMs: number;
}

/** One thing to do. No two of a plan touch the same run or task. */
export type Action = ClaimTask | RunAction | EndProcesses | MendLooseEnd;

/** What to do now, and when to look again. */
export interface Plan {
  readonly actions: readonly Action[];
  /** What is left alone for now, and until when. */
  readonly waits: readonly Wait[];
  /** When to look again although nothing happened, in ms; undefined when there is no need. */
  readonly lookAgainInMs: number | undefined;
}

/** Turns what is seen into what is to be done. */
export type Planner = (view: View, policy: Policy) => Plan;

/** How long to wait for a slot that another board or dispatcher may free without a word, in ms. */
export const slotLookMs = 500;

/** Makes the plan for this view under this policy. */
export function plan(view: View, policy: Policy): Plan {
  const verdicts = [
    ...view.remains.map((remains) => clear(remains, policy)),
    ...view.runs.map((run) => judgeRun(run, { policy, isLate: view.isLate })),
    ...view.looseEnds.map((end) => tieUp(end, view)),
    ...(view.isPaused ? [] : [...start(view), ...awaitProbes(view)]),
  ];
  const actions = verdicts.filter((verdict) => verdict.do !== 'wait');
  const waits = verdicts.filter((verdict) => verdict.do === 'wait');
  const soonestMs = Math.min(...waits.map(({ forMs }) => forMs));
  return { actions, waits, lookAgainInMs: waits.length === 0 ? undefined : soonestMs };
}

/** A worker that has given its answer may leave by itself; what outstays that is ended. */
function clear(remains: RemainsView, policy: Policy): EndProcesses | Wait {
  const { runId, isLeaving, hasExited, sinceMs } = remains;
  const leftMs = isLeaving && !hasExited ? policy.drainMs - sinceMs : 0;
  if (leftMs <= 0) return { do: 'end_processes', runId };
  const forMs = Math.min(leftMs, lookAgainMs);
  return { do: 'wait', subject: runId, until: 'its worker has left', forMs };
}

/** Whoever began it may be about to finish it; and a claim may be opened and not be seen yet. */
function tieUp(
  { taskId, runId, missing, sinceMs, patienceMs }: LooseEndView,
  { isLate }: View,
): MendLooseEnd | Wait {
  const mustWait = isLate && missing === 'opening';
  const leftMs = Math.max(patienceMs - sinceMs, mustWait ? settleMs : 0);
  if (leftMs <= 0) return { do: 'mend', runId, end: { taskId, runId, missing }, sinceMs };
  return { do: 'wait', subject: runId, until: 'whoever began it has finished it', forMs: leftMs };
}

/** Starts what is ready, in order, as far as the caps allow. */
function start(view: View): (ClaimTask | Wait)[] {
  const verdicts: (ClaimTask | Wait)[] = [];
  const free = new Map(view.freeByAssignee);
  let freeSlots = view.freeSlots;
  const ready = withoutDoubtful(view).toSorted(byPriorityThenAge);
  for (const { taskId, assignee, isUnassigned } of ready) {
    const freeHere = free.get(assignee) ?? 0;
    if (freeHere === 0) continue;
    if (freeSlots === 0) {
      verdicts.push({ do: 'wait', subject: taskId, until: 'a slot is free', forMs: slotLookMs });
      break;
    }
    verdicts.push({ do: 'claim', taskId, assignee, isUnassigned });
    free.set(assignee, freeHere - 1);
    freeSlots -= 1;
  }
  return view.nextDueInMs === undefined ? verdicts : [...verdicts, waitForDue(view.nextDueInMs)];
}

/** Of an assignee that is out, only the task that tells most: it is not work, but a question. */
function withoutDoubtful({ ready, outages }: View): readonly ReadyTask[] {
  const probes = new Map<string, ReadyTask>();
  for (const task of ready) {
    const best = probes.get(task.assignee);
    const isBetter = best === undefined || task.suspicion < best.suspicion;
    if (isBetter) probes.set(task.assignee, task);
  }
  const out = new Set(outages.map(({ assignee }) => assignee));
  return ready.filter((task) => !out.has(task.assignee) || probes.get(task.assignee) === task);
}

/** Tasks that failed a moment ago let the others of their priority pass; so do those not drawn. */
function byPriorityThenAge(one: ReadyTask, other: ReadyTask): number {
  const byUrgency = other.priority - one.priority || one.suspicion - other.suspicion;
  return byUrgency || one.turn - other.turn || one.seq - other.seq;
}

function awaitProbes({ outages }: View): Wait[] {
  return outages
    .filter(({ probeInMs }) => probeInMs > 0)
    .map(({ assignee, why, probeInMs: forMs }) => {
      const until = `${assignee} is tried again: ${why}`;
      return { do: 'wait', subject: assignee, until, forMs };
    });
}

function waitForDue(forMs: number): Wait {
  return { do: 'wait', subject: '', until: 'a scheduled task is due', forMs };
}
