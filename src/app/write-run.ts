/** Writing to a run: a run's end and what it means for its task are one append. */
import { streams } from '../domain/catalogue.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Excusable, RunCommand } from '../domain/run/commands.ts';
import { decideRun } from '../domain/run/decide.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from '../domain/run/events.ts';
import { lastSignAtMs, type RunState } from '../domain/run/state.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import type { Position, Version } from '../log/event-log.ts';
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
  const { caller, policy } = session;
  const answer = await session.execute<RunAnswer>(caller, async (moment) => {
    const { nowMs, loader } = moment;
    const loaded = await loader.run(runId);
    if (loaded.state === undefined) return noSuchRun(runId);
    const { taskId } = loaded.state.opened;
    if (judgedAt !== undefined && loaded.version !== judgedAt) return moved(runId, taskId);
    const decision = decideRun(loaded.state, await wish.decide(moment));
    if (decision.refused) return withFacts(decision, { runId, taskId });
    const run = { ...wish, taskId, nowMs };
    const meaning = await consequences({ caller, policy, loader }, run, decision.events);
    return runPlan(runId, loaded, [writeAt(loaded, decision.events), ...meaning], nowMs);
  });
  if (answer.refused) await session.recordRefusal(caller, { runId, refusal: answer });
  return answer;
}

/** What the run's end means for its task. */
async function consequences(
  { caller, policy, loader }: Pick<Session, 'caller' | 'policy'> & { loader: Loader },
  run: RunWish & { taskId: string; nowMs: number },
  events: readonly RunEvent[],
): Promise<readonly PlannedWrite[]> {
  const { runId, taskId, nowMs } = run;
  const index = events.findIndex(isTerminal);
  if (index === -1) return [];
  const ending = events[index] as TerminalEvent;
  const loaded = await loader.task(taskId);
  const { excuse } = run;
  const facts = { runId, ending, endedBy: caller.actor.kind, excuse, policy: policy(), nowMs };
  const decision = decideOn(taskId, loaded, { type: 'ConcludeRun', ...facts });
  if (decision.refused || decision.events.length === 0) return [];
  const meaning = [...decision.events, ...assignment(loaded.state, run.assignee)];
  return [{ ...writeAt(loaded, meaning), follows: { stream: streams.run(runId), index } }];
}

function assignment(
  task: { assignee: string | null } | undefined,
  assignee: string | null | undefined,
): readonly TaskEvent[] {
  const isSame = assignee === undefined || task?.assignee === assignee;
  return isSame ? [] : [{ type: 'TaskAssigned', data: { assignee } }];
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
