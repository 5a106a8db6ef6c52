/**
 * What time is to go wrong for: two dispatchers on one board, workers that live through all of it,
 * short tasks without a pause, tasks that fall due, and a program outside that beats.
 *
 * Leases are much shorter than what is done to the dispatchers, and nobody here ever fails. So a
 * run that ends otherwise than as completed was ended by mistake.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { brokenInvariants } from '../trial/broken-invariants.ts';
import { diaryScript, misdeeds, readDiary } from '../trial/diary.ts';
import { type HeldDispatcher, startDispatcher } from '../trial/fleet.ts';
import { openTrial, type Place, type Trial } from '../trial/trial.ts';
import { allDone, cameTrue } from '../trial/waiting.ts';

/** How long a run may be silent on this stage, in ms. */
export const leaseMs = 1_500;

/** Where it is played, and with what. */
export interface Stage {
  /** An empty directory. */
  readonly directory: string;
  /** The Node program `dispatcher-process`. */
  readonly program: string;
  /** What each of the two dispatchers finds in its environment. */
  readonly environments: readonly [Environment, Environment];
}

type Environment = Readonly<Record<string, string>>;

/** How it went. */
export interface Outcome {
  /** Tasks that were done. */
  readonly tasks: number;
  /** How often a dispatcher noticed that it had stood still. */
  readonly late: number;
  /** What must not be, in words. */
  readonly wrongs: readonly string[];
}

/** Does something to the dispatchers; resolves when time is right again. */
export type Disturb = (dispatchers: readonly HeldDispatcher[]) => Promise<void>;

/** Workers that live through everything. */
const slowCount = 6;

/** Time between two short tasks, and between two beats of the program outside; ms. */
const everyMs = 150;

/** How long everything may take to be done when time is right again, in ms. */
const patienceMs = 60_000;

/** Plays it once. */
export async function play(stage: Stage, disturb: Disturb): Promise<Outcome> {
  const place = placeOf(stage);
  const trial = await openTrial(place);
  const dispatchers: HeldDispatcher[] = [];
  try {
    for (const environment of stage.environments) {
      dispatchers.push(await startDispatcher(stage.program, place, environment));
    }
    const taskIds = [...(await trial.createTasks(slowCount, 'slow'))];
    const outside = await startOutside(trial);
    const load = keepBusy(trial, taskIds);
    await cameTrue(() => entriesOf(stage).length >= slowCount, patienceMs);
    await disturb(dispatchers);
    await load.stop();
    writeFileSync(join(stage.directory, 'finish'), '');
    const wrongs = (await allDone(trial, taskIds, patienceMs)) ? [] : ['not all tasks are done'];
    wrongs.push(...taskIds.flatMap((taskId) => misdeeds(entriesOf(stage), taskId)));
    wrongs.push(...(await outside.stop()), ...(await endedByMistake(trial, taskIds)));
    const told = dispatchers.flatMap((dispatcher) => dispatcher.told);
    return { tasks: taskIds.length, late: told.filter(isLate).length, wrongs };
  } finally {
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.kill()));
    await trial.close();
  }
}

function placeOf({ directory }: Stage): Place {
  const diary = join(directory, 'diary');
  const finish = join(directory, 'finish');
  const wait = `while [ ! -e '${finish}' ]; do sleep 0.2; done`;
  const worker = (work: string) => ({
    run: ['/bin/sh', '-c', diaryScript(work), diary],
    onExit: { '0': 'complete', '*': 'fail' } as const,
  });
  const minute = 60_000;
  return {
    directory: join(directory, 'board'),
    workers: { slow: worker(wait), short: worker(':') },
    policy: {
      claimTtlMs: leaseMs,
      drainMs: 100,
      maxRunning: 30,
      maxRuntimeMs: 5 * minute,
      maxSilentMs: 5 * minute,
      staleAfterMs: 5 * minute,
    },
  };
}

function entriesOf({ directory }: Stage) {
  return readDiary(join(directory, 'diary'));
}

function isLate({ what }: { what: string }): boolean {
  return what === 'late';
}

/** Something done again and again beside everything else, until it is told to stop. */
function again(act: (turn: number) => Promise<void>): { stop(): Promise<void> } {
  let isOver = false;
  const work = async () => {
    for (let turn = 0; !isOver; turn += 1) {
      await act(turn);
      await pause(everyMs);
    }
  };
  const working = work();
  return {
    async stop() {
      isOver = true;
      await working;
    },
  };
}

/**
 * A program that is no worker of a dispatcher holds a task of its own, and beats. `stop` answers
 * what is wrong: its run is over, although it was never silent for a lease.
 */
async function startOutside({ board, operator, createTasks }: Trial) {
  const [taskId = ''] = await createTasks(1, 'somebody');
  const claim = await operator.claim(taskId);
  if (claim.refused) throw new Error(claim.message);
  let beatAtMs = performance.now();
  let silentMs = 0;
  const beating = again(async (turn) => {
    await operator.heartbeat(claim.runId, { note: `beat ${turn}` });
    silentMs = Math.max(silentMs, performance.now() - beatAtMs);
    beatAtMs = performance.now();
  });
  return {
    async stop(): Promise<string[]> {
      await beating.stop();
      const outcome = (await board.read()).run(claim.runId)?.outcome;
      // A machine too busy for this very process proves nothing.
      const isMistake = outcome !== null && silentMs < leaseMs;
      return isMistake ? [`the run of the program outside: ${outcome}`] : [];
    },
  };
}

/** Makes short tasks, some of them due only in a while. Those made join `taskIds`. */
function keepBusy(trial: Trial, taskIds: string[]): { stop(): Promise<void> } {
  const making = again(async (turn) => {
    const notBeforeMs = trial.board.nowMs() + 2 * everyMs;
    const due = turn % 4 === 0 ? { notBeforeMs } : {};
    taskIds.push(...(await trial.createTasks(1, 'short', due)));
  });
  return {
    async stop() {
      await making.stop();
      // News, after the last step: whatever fell due meanwhile is seen with it.
      taskIds.push(...(await trial.createTasks(1, 'short')));
    },
  };
}

async function endedByMistake({ board }: Trial, taskIds: readonly string[]): Promise<string[]> {
  const queries = await board.read();
  const runs = taskIds.flatMap((taskId) => queries.runs(taskId));
  const mistaken = runs.filter(({ outcome }) => outcome !== 'completed');
  return [
    ...mistaken.map((run) => `${run.runId}: ${run.outcome} (${JSON.stringify(run.ending)})`),
    ...(await brokenInvariants(board)),
  ];
}
