/**
 * Builders of views: a board at rest, and one open run in perfect health, to be spoiled by tests.
 */
import type { EndedWorker, OpenRunView, ReadyTask, View } from '../../src/dispatcher/view.ts';

/** The facts of a process, as short as a test can have them. */
export const evidence = { pid: 4242 };

/** A board on which nothing is to be done. */
export function aView(changes: Partial<View> = {}): View {
  return {
    isPaused: false,
    isLate: false,
    ready: [],
    freeSlots: 3,
    freeByAssignee: new Map([['build', 10]]),
    outages: [],
    nextDueInMs: undefined,
    runs: [],
    remains: [],
    looseEnds: [],
    ...changes,
  };
}

/** A run of this dispatcher whose worker has just been spawned and is alive. */
export function aRun(changes: Partial<OpenRunView> = {}): OpenRunView {
  return {
    runId: 'R-1',
    taskId: 'T-1',
    version: 2,
    place: 'here',
    isMine: true,
    isAgeKnown: true,
    isSpawned: true,
    isBeingLaunched: false,
    leaseMs: 60_000,
    launchLeaseMs: 30_000,
    terms: undefined,
    maxRuntimeMs: 0,
    maxRuntimeFrom: 'policy',
    ages: { runMs: 0, leaseMs: 0, quietMs: 0 },
    worker: { is: 'alive', evidence },
    claimedBy: 'D-1',
    lastSignAtMs: 1_000,
    ...changes,
  };
}

/** A run that a program outside claimed through a door. */
export function anExternalRun(changes: Partial<OpenRunView> = {}): OpenRunView {
  return aRun({ place: 'outside', isMine: false, isSpawned: false, worker: undefined, ...changes });
}

/** A worker that returned an exit code just now. */
export function anEnd(changes: Partial<EndedWorker> = {}): EndedWorker {
  return {
    is: 'ended',
    end: { code: 0 },
    knownBy: 'exit',
    sinceMs: 0,
    isAnswer: false,
    evidence,
    ...changes,
  };
}

let seq = 0;

/** A ready task, younger than all made before it. */
export function aReadyTask(taskId: string, changes: Partial<ReadyTask> = {}): ReadyTask {
  seq += 1;
  const usual = { assignee: 'build', isUnassigned: false, priority: 0, suspicion: 0, turn: 0 };
  return { taskId, ...usual, seq, ...changes };
}
