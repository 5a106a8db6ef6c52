/**
 * Writing to a run. A run's end and what it means for its task are one append: first the end, which
 * decides, then its meaning, which anybody can draw from it.
 */
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Excusable, RunCommand } from '../domain/run/commands.ts';
import { decideRun } from '../domain/run/decide.ts';
import { isTerminal, type TerminalEvent } from '../domain/run/events.ts';
import { lastSignAtMs, type RunState } from '../domain/run/state.ts';
import type { TaskState } from '../domain/task/state.ts';
import type { Position, Version } from '../log/event-log.ts';
import { conclusion, type Ended } from './conclusion.ts';
import type { Loaded, Loader } from './load.ts';
import type { Plan, PlannedWrite, Stored } from './plan.ts';
import { decideOn, noSuchRun, withFacts, writeAt } from './plans.ts';
import type { Session } from './session.ts';

/** The answer to every other command on a run. */
export interface RunAnswer {
  readonly refused: false;
  readonly taskId: string;
  readonly runId: string;
  readonly version: Version;
  readonly position: Position;
  readonly leaseUntilMs: number;
  /** False when nothing had to be stored: a repeat, or a beat without news. */
  readonly changed: boolean;
}

/** Proof that the caller is the run's worker. */
export interface Proof {
  readonly tokenHash?: string | undefined;
}

/** A command on a run, and what goes with it. */
export interface RunWish extends Excusable {
  readonly runId: string;
  /** Makes the command from what is known the moment it is tried. */
  decide(at: { readonly nowMs: number; readonly loader: Loader }): RunCommand | Promise<RunCommand>;
  /** The version an ending was judged on: when the run has moved since, it is left alone. */
  readonly judgedAt?: Version | undefined;
  /** Who gets the task next, when the run's end sends it back to the queue. */
  readonly assignee?: string | null;
}

/** Appends what a command on a run decides; a stale write is refused and the refusal kept. */
export async function writeRun(session: Session, wish: RunWish): Promise<RunAnswer | Refusal> {
  const { runId, judgedAt } = wish;
  const { caller } = session;
  const answer = await session.execute<RunAnswer>(caller, async (moment) => {
    const { nowMs, loader } = moment;
    const loaded = await loader.run(runId);
    if (loaded.state === undefined) return noSuchRun(runId);
    const { taskId } = loaded.state.opened;
    if (judgedAt !== undefined && loaded.version !== judgedAt) return moved(runId, taskId);
    const decision = decideRun(loaded.state, await wish.decide(moment));
    if (decision.refused) return withFacts(decision, { runId, taskId });
    const write = writeAt(loaded, decision.events);
    const ended = endIn(write, wish, { session, taskId, nowMs });
    if (ended === undefined) return runPlan(runId, loaded, [write], nowMs);
    const meaning = conclusion(await loader.task(taskId), ended);
    if (meaning === undefined) return runPlan(runId, loaded, [write], nowMs);
    const plan = runPlan(runId, loaded, [write, meaning], nowMs);
    const version = loaded.version + decision.events.length;
    return { ...plan, rest: ({ loader: later }) => conclude(later, ended, { plan, version }) };
  });
  if (answer.refused) await session.recordRefusal(caller, { runId, refusal: answer });
  return answer;
}

/** What is known of the end of the run, when this write is one. */
function endIn(
  { stream, events }: PlannedWrite,
  { runId, excuse, assignee }: RunWish,
  { session, taskId, nowMs }: { session: Session; taskId: string; nowMs: number },
): Ended | undefined {
  const index = events.findIndex(isTerminal);
  if (index === -1) return undefined;
  const ending = events[index] as TerminalEvent;
  const endedBy = session.caller.actor.kind;
  const policy = session.policy();
  const conclude = { type: 'ConcludeRun', runId, ending, endedBy, excuse, policy, nowMs } as const;
  return { taskId, conclude, assignee, follows: { stream, index } };
}

/** The end stands, and its meaning did not fit: the task has moved. It may be drawn already. */
async function conclude(
  loader: Loader,
  ended: Ended,
  { plan, version }: { plan: Plan<RunAnswer>; version: Version },
): Promise<Plan<RunAnswer>> {
  const task = await loader.task(ended.taskId);
  const meaning = conclusion(task, ended) ?? reassignment(task, ended);
  const answer = ({ position = task.position }: Stored) =>
    plan.answer({ position, versions: [version] });
  return { ...plan, writes: meaning === undefined ? [] : [meaning], answer };
}

/** Who finished it for us knew nothing of the one who is to get the task next. */
function reassignment(
  task: Loaded<TaskState>,
  { taskId, conclude: { runId }, assignee }: Ended,
): PlannedWrite | undefined {
  if (assignee === undefined || task.state?.assignee === assignee) return undefined;
  const reason = `${runId} was reclaimed`;
  const decision = decideOn(taskId, task, { type: 'AssignTask', assignee, reason });
  return decision.refused ? undefined : writeAt(task, decision.events);
}

function moved(runId: string, taskId: string): Refusal {
  return refuse('run_moved', `${runId} has shown life since it was judged.`, {
    hint: 'Look at it again before ending it.',
    facts: { runId, taskId },
  });
}

function runPlan(
  runId: string,
  loaded: Loaded<RunState>,
  writes: readonly PlannedWrite[],
  nowMs: number,
): Plan<RunAnswer> {
  if (loaded.state === undefined) throw new Error('planned a write to a run that does not exist');
  const { taskId, ttlMs } = loaded.state.opened;
  const signAtMs = lastSignAtMs(loaded.state);
  const answer = (stored: Stored): RunAnswer => ({
    refused: false,
    taskId,
    runId,
    version: stored.versions[0] ?? loaded.version,
    position: stored.position ?? loaded.position,
    leaseUntilMs: (stored.position === undefined ? signAtMs : nowMs) + ttlMs,
    changed: stored.position !== undefined,
  });
  return { refused: false, writes, correlationId: runId, answer };
}

/** Whether output of a run's program is still taken; nothing is stored, but a refusal may be. */
export function sendOutput(
  session: Session,
  runId: string,
  proof: Proof,
): Promise<RunAnswer | Refusal> {
  return writeRun(session, {
    runId,
    async decide({ loader, nowMs }) {
      const { state: run } = await loader.run(runId);
      // While it is open, which is nearly always, its task is not asked for.
      const isTombstoned = run?.standing === 'ended' && (await isGone(loader, run.opened.taskId));
      return { type: 'SendOutput', runId, isTombstoned, nowMs, ...proof };
    },
  });
}

async function isGone(loader: Loader, taskId: string): Promise<boolean> {
  const { state } = await loader.task(taskId);
  return state?.standing.status === 'tombstoned';
}
