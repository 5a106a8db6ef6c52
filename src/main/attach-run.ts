/** How a worker written in JavaScript takes up its run: by its environment, past its guard. */
import { createRunHandle, type RunHandle } from '../app/run-handle.ts';
import { type GuardParts, guardWorker, type NotMine } from '../cli/guard.ts';
import { notMineLine } from '../domain/run/not-mine.ts';

/**
 * This process is not the worker of the run that holds its task, or that cannot be confirmed: it
 * must not begin to work. Print `message`, which is one line, and exit with 0.
 */
export class NotAWorker extends Error {
  override readonly name = 'NotAWorker';
  readonly code = 'not_a_worker';
  readonly hint = 'Print the message and leave with exit code 0, without doing anything.';
  /** Why (a refusal's or a fault's code), and what the environment says; null where nothing. */
  readonly facts: Readonly<Record<'because' | 'runId' | 'taskId', string | null>>;

  constructor({ reason, because, runId, taskId }: NotMine) {
    super(notMineLine(reason));
    this.facts = { because, runId, taskId };
  }
}

/**
 * The run that the environment names, once the board has confirmed that it holds its task and that
 * this process holds its token. Rejects with `NotAWorker`, whatever else it is that went wrong.
 */
export async function attachRunIn(parts: Omit<GuardParts, 'surface'>): Promise<RunHandle> {
  const found = await guardWorker({ ...parts, surface: 'sdk' });
  if (!found.mine) throw new NotAWorker(found);
  return createRunHandle(found.board, found.worker);
}
