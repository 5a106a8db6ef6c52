/** What runs of a board print and leave behind, for its HTTP door. */
import { systemTimers as timers } from '../host/clock.ts';
import { openArtifact } from '../host/open-artifact.ts';
import { runDirectory } from '../host/run-directory.ts';
import { followRunLog, readLogTail } from '../host/run-log.ts';
import { readLogRange } from '../host/run-log-range.ts';
import { artifactStore } from '../host/workspaces.ts';
import type { OutputFiles } from '../http/door-parts.ts';

/** How often a growing log is looked at, in ms. */
const lookEveryMs = 100;

/** Most of the end of a log that a follower begins with, in bytes. */
const tailBytesMax = 1024 * 1024;

/** The files of the board in a directory. */
export function outputFiles(directory: string): OutputFiles {
  const filesOf = (runId: string) => runDirectory(directory, runId);
  return {
    async tail(runId, limits) {
      const { text, cut } = await readLogTail(filesOf(runId), limits);
      return { text, cut };
    },
    range: (runId, wanted) => readLogRange(filesOf(runId), wanted),
    async *follow(runId, { tail: linesMax, signal }) {
      const files = filesOf(runId);
      const { text, end } = await readLogTail(files, { linesMax, bytesMax: tailBytesMax });
      if (text !== '') yield { text, afterGap: false };
      yield* followRunLog(files, { timers, signal, everyMs: lookEveryMs, from: end });
    },
    artifact: (sha256) => openArtifact(artifactStore(directory), sha256),
  };
}
