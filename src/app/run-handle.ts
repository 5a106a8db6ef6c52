/** What a worker written in JavaScript holds: its own run, and nothing else of the board. */
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { BlockCause, HandOff } from '../domain/task/events.ts';
import type { Board } from './board.ts';
import type { PlainAnswer } from './board-commands.ts';
import type { RunAnswer } from './write-run.ts';

/** Which run a worker is, and its proof. */
export interface WorkerIdentity {
  readonly taskId: string;
  readonly runId: string;
  readonly attempt: number;
  /** SHA-256 (hex) of the run token. */
  readonly tokenHash: string | undefined;
}

/** A run in the hands of its worker. */
export interface RunHandle extends WorkerIdentity {
  /**
   * The startup guard, which `attachRun()` passed, once more: does the run still hold its task?
   * Worth asking before whatever cannot be undone; `refused` means: stop, the run is over.
   */
  guard(): Promise<RunAnswer | Refusal>;
  /** Says that the worker lives; `refused` means: stop, the run is over. */
  heartbeat(beat?: { note?: string; progress?: number }): Promise<RunAnswer | Refusal>;
  /** Hands the result on and ends the run; with `review`, a person looks at it first. */
  complete(handOff: HandOff, how?: { review?: boolean }): Promise<RunAnswer | Refusal>;
  /** Ends the run because somebody else has to act first. */
  block(why: { cause: BlockCause; reason: string }): Promise<RunAnswer | Refusal>;
  /** Gives the task back unfinished; it counts as no failure. */
  release(reason?: string): Promise<RunAnswer | Refusal>;
  comment(body: string): Promise<PlainAnswer | Refusal>;
  /** The task as it stands now. */
  task(): Promise<TaskRow>;
  /** The tasks this one builds on, with what they handed on. */
  parents(): Promise<readonly TaskRow[]>;
  /** Releases the board's files. */
  close(): Promise<void>;
}

/** The handle of one run on a board. */
export function createRunHandle(board: Board, worker: WorkerIdentity): RunHandle {
  const { taskId, runId, tokenHash } = worker;
  const commands = board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
  const proof = { tokenHash };
  return {
    ...worker,
    guard: () => commands.startWorker(runId, { taskId, tokenHash }),
    heartbeat: (beat = {}) => commands.heartbeat(runId, { ...beat, ...proof }),
    complete: (handOff, how = {}) => commands.completeRun(runId, handOff, { ...how, ...proof }),
    block: (why) => commands.blockRun(runId, why, proof),
    release: (reason) => commands.releaseRun(runId, reason, proof),
    comment: (body) => commands.comment(taskId, { body, runId }),
    task: async () => known(taskId, (await board.read()).task(taskId, board.nowMs())),
    parents: async () => {
      const queries = await board.read();
      const parents = queries.parents(taskId, board.nowMs());
      return parents.map((parent) => ({ ...parent, body: queries.body(parent.taskId) }));
    },
    close: () => board.close(),
  };
}

function known(taskId: string, row: TaskRow | undefined): TaskRow {
  if (row === undefined) throw new Error(`The board has no task ${taskId}.`);
  return row;
}
