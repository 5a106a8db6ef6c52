/** One of the processes that share a board, as a shape sees it from within. */
import type { ListedTask } from '../../projections/index.ts';
import type { Board } from '../../src/app/board.ts';
import type { Chance } from '../trial/chance.ts';
import type { RecordedCommands, Run } from './recorded-commands.ts';

/** How large a shape is. Times are ms. */
export interface Measures {
  readonly processes: number;
  readonly tasks: number;
  /** For how long at most; what is done by then is enough. */
  readonly forMs: number;
  readonly leaseMs: number;
  /** Shortest and longest work on a task. */
  readonly workMs: readonly [least: number, most: number];
  /** Between two rounds of the reclaimer, or between two tasks that are offered to all at once. */
  readonly everyMs: number;
  /** First wait of a task whose run was taken away or given back; see `rules.ts`. */
  readonly backoffMs: number;
}

/** What a process is told when it starts. */
export interface Order {
  readonly shape: string;
  readonly role: string;
  readonly name: string;
  /** Where the board is, and where the journals are. */
  readonly directory: string;
  readonly seed: number;
  readonly measures: Measures;
  readonly taskIds: readonly string[];
}

/** A process at work. */
export interface Hand {
  readonly order: Order;
  readonly board: Board;
  readonly commands: RecordedCommands;
  readonly chance: Chance;
  /** Until whoever started this process dismisses it. */
  isWanted(): boolean;
  /** Until the time of the shape is over. */
  hasTime(): boolean;
  /** Resolves `ms` from now. */
  pause(ms: number): Promise<void>;
  /** Resolves `ms` after the moment at which all processes began. */
  until(ms: number): Promise<void>;
  /** Says a line to whoever started this process. */
  say(line: string): void;
}

/** Does what work there is on a task, which takes the time it takes. */
export function doWork({ order, chance, pause }: Hand): Promise<void> {
  return pause(chance.between(...order.measures.workMs));
}

/** The first tasks of the queue, of which the process takes one, as others do. */
export async function pickReady(hand: Hand, amongFirst: number): Promise<ListedTask | undefined> {
  const queries = await hand.board.read();
  return hand.chance.pickIfAny(queries.ready(hand.board.nowMs(), { limit: amongFirst }));
}

/** Claims a task; undefined when it was refused. */
export async function tryClaim(hand: Hand, taskId: string): Promise<Run | undefined> {
  const { run, answer } = await hand.commands.claim(taskId, hand.order.measures.leaseMs);
  return answer === 'accepted' ? run : undefined;
}

/** Tries to complete the run that holds the task now, with the token of one that held it. */
export async function tryTheSuccessor({ board, commands }: Hand, run: Run): Promise<void> {
  const runId = (await board.read()).task(run.taskId, board.nowMs())?.currentRunId;
  if (runId) await commands.complete({ ...run, runId }, run);
}

/** Ends the runs whose lease is over, round after round, until it is dismissed. */
export async function reclaimSilent(hand: Hand): Promise<void> {
  while (hand.isWanted()) {
    const queries = await hand.board.read();
    const nowMs = hand.board.nowMs();
    for (const run of queries.openRuns()) {
      const silentMs = nowMs - (run.beats.lastAt ?? run.openedAtMs);
      if (silentMs > run.leaseTtlMs) await hand.commands.reclaim(run);
    }
    await hand.pause(hand.order.measures.everyMs);
  }
}
