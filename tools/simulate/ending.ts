/**
 * The end of a simulation: nothing goes wrong any more, so everything must come to rest, and what
 * is left must fit together.
 */
import { checkInvariants } from '../../src/app/verify.ts';
import { runIdOf } from '../../src/dispatcher/nonce.ts';
import { codec } from '../../src/log/codec.ts';
import { piecewise } from '../trial/piecewise-log.ts';
import type { Fleet } from './fleet.ts';
import type { TaskEntry } from './ledger.ts';
import type { Stage } from './stage.ts';
import { differencesOf } from './tables-check.ts';

/** Where a task may stay for good, as far as dispatchers go. */
const resting: ReadonlySet<string> = new Set(['done', 'blocked', 'halted', 'review', 'archived']);

/** How often it is asked whether all has come to rest, in ms. */
const askEveryMs = 250;

/** Waits until all has come to rest, for so long at most, and looks at what is left. */
export async function lookAtTheEnd(stage: Stage, fleet: Fleet, withinMs: number): Promise<void> {
  const { time, watch } = stage;
  const deadlineMs = time.nowMs() + withinMs;
  let calmAtMs = time.nowMs();
  let isResting = false;
  const ask = () => {
    isResting = restless(stage) === undefined;
    if (!fleet.isUp()) calmAtMs = time.nowMs();
    const overdue = overdueRun(stage, calmAtMs);
    if (overdue !== undefined) watch.report(overdue.invariant, overdue.about, overdue.found);
    if (!isResting) time.after(askEveryMs, ask);
  };
  ask();
  const isOver = () => watch.violation() !== undefined || isResting || time.nowMs() > deadlineMs;
  await time.runUntil(isOver);
  if (watch.violation() !== undefined) return;
  const left = restless(stage);
  if (left !== undefined) return watch.report(left.invariant, left.about, left.found);
  await lookAtTables(stage, fleet);
  await lookAtLog(stage);
}

/** What is left and must not stay. */
interface Leftover {
  readonly invariant: string;
  readonly about: readonly string[];
  readonly found: string;
}

/** What has not come to rest, if anything. */
function restless(stage: Stage): Leftover | undefined {
  const ofBoard = restlessTask(stage) ?? lostWord(stage) ?? lateCopy(stage);
  return ofBoard ?? leftProcess(stage) ?? heldSlot(stage);
}

function restlessTask(stage: Stage): Leftover | undefined {
  for (const task of stage.watch.ledger.tasks.values()) {
    if (isSettled(task, stage)) continue;
    const about = [task.taskId, ...(task.holder ? [task.holder] : [])];
    return { invariant: 'I19', about, found: `${task.taskId} is still ${task.standing}` };
  }
  return undefined;
}

/** Somebody's word on a task that no run keeps. */
function lostWord({ watch: { ledger } }: Stage): Leftover | undefined {
  for (const { taskId, recordId } of ledger.tasks.values()) {
    if (recordId === undefined || ledger.runs.get(recordId)?.ending !== undefined) continue;
    return { invariant: 'I15', about: [taskId, recordId], found: `${recordId} is never written` };
  }
  return undefined;
}

/** A host that has not read all there is. */
function lateCopy({ machines, logOn }: Stage): Leftover | undefined {
  const late = machines.find(({ hostId }) => (logOn(hostId).behindMs?.() ?? 0) > 0);
  if (late === undefined) return undefined;
  return { invariant: 'I28', about: ['*'], found: `${late.hostId} never hears the news` };
}

/** A process of a worker that nobody ends. */
function leftProcess({ machines }: Stage): Leftover | undefined {
  for (const { kernel } of machines) {
    const left = kernel.living().find(({ nonce }) => nonce !== undefined);
    if (left?.nonce === undefined) continue;
    return { invariant: 'I18', about: [runIdOf(left.nonce)], found: `${left.name} is left` };
  }
  return undefined;
}

/** A slot whose holder lives and has nothing to do with it any more: nobody else can have it. */
function heldSlot({ machines }: Stage): Leftover | undefined {
  for (const { kernel, slots } of machines) {
    for (const { nonce, holder } of slots.values()) {
      const isHeld = kernel
        .living()
        .some(({ pid, startTime }) => pid === holder.pid && startTime === holder.startTime);
      if (isHeld) {
        const about = [runIdOf(nonce)];
        return {
          invariant: 'I22',
          about,
          found: `the slot of ${runIdOf(nonce)} is not given back`,
        };
      }
    }
  }
  return undefined;
}

/**
 * A run that is still open although its worker has been gone for longer than anybody has to wait
 * before he says so. [I18]
 */
function overdueRun(
  { workers, watch, policy, time }: Stage,
  calmAtMs: number,
): Leftover | undefined {
  const { crashGraceMs, drainMs } = policy;
  for (const { endedAtMs, runId } of workers) {
    const run = watch.ledger.runs.get(runId);
    if (run === undefined || run.ending !== undefined || endedAtMs === undefined) continue;
    const sinceMs = time.nowMs() - Math.max(endedAtMs, calmAtMs);
    if (sinceMs < crashGraceMs + drainMs + promptMs) continue;
    const found = `${runId} is open ${Math.round(sinceMs)} ms after its worker ended`;
    return { invariant: 'I18', about: [runId, run.taskId], found };
  }
  return undefined;
}

/** How long it may take to look, to judge and to write, siblings' patience included, in ms. */
const promptMs = 8_000;

/** Whether a task may stay as it is. */
function isSettled(task: TaskEntry, stage: Stage): boolean {
  return resting.has(task.standing) || isHeldLong(task, stage) || waitsForGood(task, stage);
}

/** Held by a wall clock that was wrong at the time: its turn will come, some day. */
function isHeldLong({ standing, notBeforeMs, assignee }: TaskEntry, stage: Stage): boolean {
  if (standing !== 'queued' || notBeforeMs === undefined) return false;
  const { policy, clock, machines } = stage;
  const longestMs = Math.max(policy.retryBackoffMaxMs, policy.rateLimitHoldMaxMs) + askEveryMs;
  const clocks = assignee === 'outside' ? [clock] : machines.map((machine) => machine.clock);
  return clocks.every((each) => notBeforeMs > each.nowMs() + longestMs);
}

/** Queued behind a parent that will not be done. */
function waitsForGood(task: TaskEntry, stage: Stage): boolean {
  if (task.standing !== 'queued') return false;
  return task.parents.some((id) => {
    const parent = stage.watch.ledger.tasks.get(id);
    if (task.waived.includes(id) || parent === undefined || parent.wasDone) return false;
    return isSettled(parent, stage);
  });
}

/** The tables are the fold of the log. [I25, I26] */
async function lookAtTables(stage: Stage, fleet: Fleet): Promise<void> {
  for (const { id, text } of await differencesOf(stage, fleet.tables))
    stage.watch.report('I25', [id], text);
}

/** What the board's own verification finds. */
async function lookAtLog({ log, watch, traits }: Stage): Promise<void> {
  const seen = traits.isCluster ? piecewise(log) : log;
  const [found] = await checkInvariants({ log: seen, codec });
  if (found === undefined) return;
  const { stream, invariant } = found;
  watch.report(invariant, [stream.slice(stream.indexOf('-') + 1)], `${stream}: ${found.found}`);
}
