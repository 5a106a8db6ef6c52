/** How a worker written in JavaScript takes up its run: by its environment, past its guard. */
import { createRunHandle, type RunHandle } from '../app/run-handle.ts';
import { boardPlace } from '../cli/board-place.ts';
import { ownRun } from '../cli/caller.ts';
import type { Root } from '../cli/root.ts';

/** This process is not the worker of an open run: it must not begin to work. */
export class NotAWorker extends Error {
  override readonly name = 'NotAWorker';
  readonly code = 'not_a_worker';
  readonly hint = 'Leave without doing anything: only a dispatcher can make a process a worker.';
}

/** What it takes to find a run. */
export interface AttachParts {
  readonly root: Pick<Root, 'home' | 'openBoard' | 'readTokenHash'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly directory: string;
  readonly userHome: string;
}

/**
 * The run that the environment names, once the board has confirmed that it is open and that this
 * process holds its token. Throws `NotAWorker` otherwise.
 */
export async function attachRunIn(parts: AttachParts): Promise<RunHandle> {
  const { root, environment } = parts;
  const own = ownRun(environment);
  const tokenFile = environment['LOGBOARD_RUN_TOKEN_FILE'];
  if (own === undefined || !tokenFile) throw new NotAWorker('LOGBOARD_RUN is not set.');
  const { runId } = own;
  const { directory } = boardPlace(undefined, { ...parts, home: root.home });
  const board = await root.openBoard(directory, { access: 'write', policy: undefined });
  try {
    const tokenHash = root.readTokenHash(tokenFile);
    const commands = board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
    const answer = await commands.startWorker(runId, 'worker', { tokenHash });
    if (answer.refused) throw new NotAWorker(answer.message);
    const { taskId } = answer;
    const attempt = (await board.read()).run(runId)?.attempt ?? 1;
    return createRunHandle(board, { taskId, runId, attempt, tokenHash });
  } catch (error) {
    await board.close();
    throw error;
  }
}
