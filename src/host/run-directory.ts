/** The directory of one run, `<board>/runs/<runId>`: what a worker is given and what it leaves. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { safeNameOf } from './safe-name.ts';

/** Paths only; nothing is created by naming them. */
export interface RunDirectory {
  readonly path: string;
  /** Newest output of the worker. */
  readonly log: string;
  /** The output before it, when the log was rotated. */
  readonly olderLog: string;
  /** The run token, for its owner alone. */
  readonly token: string;
  /** What the worker is shown about its task. */
  readonly context: string;
  /** How the worker ended; see `exit-status.ts`. */
  readonly exit: string;
}

/** Names the files of a run. Throws `unsafe_name` for an id that is no plain name. */
export function runDirectory(boardDirectory: string, runId: string): RunDirectory {
  const path = join(boardDirectory, 'runs', safeNameOf(runId));
  return {
    path,
    log: join(path, 'log'),
    olderLog: join(path, 'log.1'),
    token: join(path, 'token'),
    context: join(path, 'context.md'),
    exit: join(path, 'exit'),
  };
}

/**
 * Creates the directory with the token and the context in it, readable by the owner alone.
 * Rejects with EEXIST when the run was prepared before: a run is started once.
 */
export async function prepareRunDirectory(
  run: RunDirectory,
  contents: { token: string; context: string },
): Promise<void> {
  await mkdir(run.path, { recursive: true, mode: 0o700 });
  await Promise.all([
    writeFile(run.token, contents.token, { mode: 0o600, flag: 'wx' }),
    writeFile(run.context, contents.context, { mode: 0o600, flag: 'wx' }),
  ]);
}
