/**
 * Workers that stand still at some step of their work, wake up when another has done it, and go on
 * as if nothing had happened.
 */
import { createProcessTable } from '../../../src/host/process-table.ts';
import type { Shipmate } from '../crew.ts';
import { type Hand, tryClaim, tryTheSuccessor } from '../hand.ts';
import type { Run } from '../recorded-commands.ts';
import { type Outcome, plainTasks, type Shape, type Stage } from '../shape.ts';

/**
 * Where a worker stands still: before it beats or completes, or after that was decided on what it
 * remembers of its run and before it reaches the log.
 */
const steps = ['before beat', 'beat decided', 'before end', 'end decided'] as const;
type Step = (typeof steps)[number];

/** Every so many of its tasks, a worker wakes up while its successor is still at work. */
const earlyEvery = 4;

/** How often it is looked whether a process stands still, in ms. */
const lookEveryMs = 2;

/** Sleepers that wake up too late. */
export const zombie: Shape = {
  name: 'zombie',
  about:
    'workers stopped at some step, reclaimed, and woken when another does or has done their work',
  full: {
    processes: 10,
    tasks: 280,
    forMs: 300_000,
    leaseMs: 60_000,
    workMs: [0, 0],
    everyMs: 0,
    backoffMs: 100,
  },
  play,
  work,
  shortcomings,
};

/** Each worker has its own tasks; whoever plays the shape is operator and successor. */
async function play(stage: Stage): Promise<void> {
  const { processes: count, tasks } = stage.measures;
  const ids = await stage.createTasks(plainTasks(tasks));
  const taskIds = (worker: number) => ids.filter((_, index) => index % count === worker);
  const sleepers = await stage.muster({ role: 'sleeper', count, taskIds });
  await Promise.all(sleepers.map((sleeper) => outlive(stage, sleeper)));
}

async function outlive(stage: Stage, sleeper: Shipmate): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const line = await sleeper.nextLine();
    if (line === undefined) return sleeper.ended;
    const run = JSON.parse(line) as Run;
    await untilStopped(sleeper.pid);
    const successor = await replace(stage, run);
    const wakesEarly = turn % earlyEvery === 0;
    if (!wakesEarly) await stage.commands.complete(successor);
    process.kill(sleeper.pid, 'SIGCONT');
    await sleeper.nextLine();
    if (wakesEarly) await stage.commands.complete(successor);
  }
}

async function untilStopped(pid: number): Promise<void> {
  const table = createProcessTable();
  for (;;) {
    const sight = table.stat(pid);
    if (!sight.seen) throw new Error(`Process ${pid} is gone.`);
    if (sight.value.state === 'T') return;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Ends the run and claims its task for another, which is at work then. */
async function replace({ board, commands, measures }: Stage, run: Run): Promise<Run> {
  const { version = 0 } = (await board.read()).run(run.runId) ?? {};
  await commands.reclaim({ ...run, version });
  const successor = await commands.claim(run.taskId, measures.leaseMs);
  await commands.heartbeat(successor.run);
  return successor.run;
}

async function work(hand: Hand): Promise<void> {
  const standStillAtNextAppend = putHandIn(hand);
  for (const taskId of hand.order.taskIds) {
    const step = hand.chance.pick(steps);
    const run = await tryClaim(hand, taskId);
    if (run === undefined) throw new Error(`Nobody else can hold ${taskId}.`);
    const reach = (reached: Step) => {
      if (reached !== step) return;
      if (reached.startsWith('before')) standStill(hand, run);
      else standStillAtNextAppend(run);
    };
    reach('before beat');
    reach('beat decided');
    await hand.commands.heartbeat(run);
    reach('before end');
    reach('end decided');
    await hand.commands.complete(run);
    await tryTheSuccessor(hand, run);
    hand.say('done');
  }
}

/** Puts a hand into the log of this process, which stops it where a command is about to append. */
function putHandIn(hand: Hand): (run: Run) => void {
  const { log } = hand.board;
  const append = log.append.bind(log);
  let next: Run | undefined;
  log.append = (writes) => {
    const run = next;
    next = undefined;
    if (run !== undefined) standStill(hand, run);
    return append(writes);
  };
  return (run) => {
    next = run;
  };
}

/** Returns when somebody has sent SIGCONT. */
function standStill(hand: Hand, run: Run): void {
  hand.say(JSON.stringify(run));
  process.kill(process.pid, 'SIGSTOP');
}

/**
 * Every task is done by the successor alone, every sleeper is told that it is too late, and that
 * the run of its successor is not its own.
 */
function shortcomings({ figures, measures: { tasks, processes } }: Outcome): readonly string[] {
  const { reclaims, completions, completionsStale, completionsForeign = 0 } = figures;
  const found = [reclaims, completions, completionsStale];
  const awakeBefore = processes * Math.floor(Math.floor(tasks / processes) / earlyEvery);
  if (found.every((count) => count === tasks) && completionsForeign >= awakeBefore) return [];
  return [
    `${tasks} reclaims, completions, late ones and ${awakeBefore} foreign ones, not ${found}`,
  ];
}
