/** The directory of one run, `<board>/runs/<runId>`: what a worker is given and what it leaves. */
import { join } from 'node:path';
import type { NewEntry } from '../dispatcher/ports.ts';
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

/** What a run's directory holds at first. A run is started once, so all of it has to be new. */
export function entriesOf(
  run: RunDirectory,
  { token, context }: { token: string; context: string },
): NewEntry[] {
  return [
    { is: 'directory', path: run.path },
    { is: 'file', path: run.token, content: token },
    { is: 'file', path: run.context, content: context },
  ];
}
