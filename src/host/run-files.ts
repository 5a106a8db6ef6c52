/** The files of a board's runs, put together for the dispatcher. */
import { statSync } from 'node:fs';
import type { RunFiles } from '../dispatcher/ports.ts';
import type { Clock, Timers } from '../log/ports.ts';
import { readExitStatus } from './exit-status.ts';
import { entriesOf, runDirectory } from './run-directory.ts';
import { readLogTail } from './run-log.ts';
import { capRunLog } from './run-log-cap.ts';

/** What they take from the world around them. */
export interface RunFilesDeps {
  readonly boardDirectory: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told of trouble with a log that is being watched. */
  readonly onError: (error: unknown) => void;
}

/** Enough for the last words of a worker. */
const tail = { bytesMax: 16 * 1024, linesMax: 50 };

/** Puts them together. Ids that are no plain names throw `unsafe_name`. */
export function createRunFiles({ boardDirectory, ...deps }: RunFilesDeps): RunFiles {
  const of = (runId: string) => runDirectory(boardDirectory, runId);
  return {
    plan(runId, contents) {
      const paths = of(runId);
      return { paths, make: entriesOf(paths, contents) };
    },
    readExit: (runId) => readExitStatus(of(runId).exit),
    outputBytes: (runId) => sizeOf(of(runId).log) + sizeOf(of(runId).olderLog),
    readTail: async (runId) => (await readLogTail(of(runId), tail)).text,
    cap: (runId, bytesMax) => capRunLog(of(runId), { ...deps, bytesMax }),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
