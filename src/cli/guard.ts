/**
 * The startup guard for workers: is this process the worker of the run that holds its task?
 *
 * What the environment does not say, or says wrongly, is not mine; nothing that is missing switches
 * a check off. The board is asked whenever it can be, since it keeps a record of who was turned
 * away.
 */
import type { Board } from '../app/board.ts';
import type { Shown } from '../app/run-commands.ts';
import type { WorkerIdentity } from '../app/run-handle.ts';
import type { Surface } from '../domain/event.ts';
import type { Refusal } from '../domain/refusal.ts';
import { runIdSchema, taskIdSchema } from '../domain/task/events.ts';
import { describeFault } from '../outcome.ts';
import { type BoardSurroundings, boardPlace } from './board-place.ts';
import type { Root } from './root.ts';

/** What it takes to guard a process. */
export interface GuardParts extends Omit<BoardSurroundings, 'home'> {
  readonly root: Pick<Root, 'home' | 'openBoard' | 'readTokenHash'>;
  /** The door that the process came through. */
  readonly surface: Surface;
}

/** This process is the worker of the run; whoever asked closes the board. */
export interface Mine {
  readonly mine: true;
  readonly board: Board;
  readonly worker: WorkerIdentity;
}

/** It is not, or it cannot be confirmed: either way it must not begin. */
export interface NotMine {
  readonly mine: false;
  /** The board's refusal, or the fault that stood in the way, or `not_a_worker`. */
  readonly because: string;
  /** The same as a sentence. */
  readonly reason: string;
  /** What the environment says, where it makes sense. */
  readonly runId: string | null;
  readonly taskId: string | null;
}

/** What a process has to show for itself, and the first thing that is wrong with it. */
interface Papers extends Shown {
  readonly runId: string | undefined;
  readonly directory: string | undefined;
  readonly complaint: string | undefined;
}

/** Asks whether this process may work. Never rejects. */
export async function guardWorker(parts: GuardParts): Promise<Mine | NotMine> {
  const papers = papersOf(parts);
  const { runId, directory } = papers;
  if (runId === undefined || directory === undefined) return turnedAway(papers, 'not_a_worker');
  try {
    const board = await parts.root.openBoard(directory, { access: 'write', policy: undefined });
    const answer = await ask(board, { ...papers, runId }, parts.surface).catch(closing(board));
    if (answer.mine) return { ...answer, board };
    await board.close();
    return answer;
  } catch (fault) {
    const { code, message } = describeFault(fault);
    return turnedAway(papers, code, `the board cannot be asked: ${message}`);
  }
}

async function ask(
  board: Board,
  papers: Papers & { runId: string },
  surface: Surface,
): Promise<Omit<Mine, 'board'> | NotMine> {
  const { runId, taskId, tokenHash } = papers;
  const caller = { actor: { kind: 'worker', id: runId }, surface, correlationId: runId } as const;
  const answer = await board.as(caller).startWorker(runId, { taskId, tokenHash });
  if (answer.refused) return turnedAway(papers, answer.code, reasonOf(answer, papers));
  const attempt = (await board.read()).run(runId)?.attempt ?? 1;
  return { mine: true, worker: { taskId: answer.taskId, runId, attempt, tokenHash } };
}

/** That a run is over says more than that its token is gone by now. */
function reasonOf({ code, message }: Refusal, { complaint }: Papers): string {
  return code === 'stale_run' ? message : (complaint ?? message);
}

function closing(board: Board) {
  return async (fault: unknown): Promise<never> => {
    await board.close();
    throw fault;
  };
}

function turnedAway(papers: Papers, because: string, reason = papers.complaint): NotMine {
  const { runId = null, taskId = null } = papers;
  return { mine: false, because, reason: reason ?? because, runId, taskId };
}

function papersOf({ root, ...around }: GuardParts): Papers {
  const complaints: string[] = [];
  const found = <T>(name: string, read: (value: string) => T | undefined, wrong: string) => {
    const value = around.environment[name];
    const made = value ? read(value) : undefined;
    if (made === undefined) complaints.push(`${name} ${value ? wrong : 'is not set'}.`);
    return made;
  };
  const idOf = (schema: typeof runIdSchema) => (id: string) =>
    schema.safeParse(id).success ? id : undefined;
  const directoryOf = () => {
    try {
      return boardPlace(undefined, { ...around, home: root.home }).directory;
    } catch {
      return undefined;
    }
  };
  return {
    runId: found('LOGBOARD_RUN', idOf(runIdSchema), 'is not a run id'),
    taskId: found('LOGBOARD_TASK', idOf(taskIdSchema), 'is not a task id'),
    directory: found('LOGBOARD_BOARD', directoryOf, 'names no board'),
    tokenHash: found('LOGBOARD_RUN_TOKEN_FILE', root.readTokenHash, 'names no readable file'),
    complaint: complaints[0],
  };
}
