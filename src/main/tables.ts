/** The tables of a board: made anew, and compared with what they should be. */
import { createTableFiles } from '../../projections/file.ts';
import { buildFile, replaceCurrent } from '../../projections/keep.ts';
import { openProjections } from '../../projections/run.ts';
import type { OnProgress, VerifyProblem } from '../cli/root.ts';
import { codec } from '../log/codec.ts';
import type { EventLog, Position } from '../log/event-log.ts';
import type { Timers } from '../log/ports.ts';

interface Parts {
  readonly log: EventLog;
  readonly timers: Timers;
}

/** Makes the tables anew beside those in use, and swaps them; answers how far they reach. */
export async function rebuildTables(
  directory: string,
  { log, timers }: Parts,
  onProgress: OnProgress,
): Promise<Position> {
  const parts = { log, timers, codec, trustFileSystem: false };
  const files = createTableFiles(directory);
  const { position } = await log.head();
  const path = await buildFile(files, parts, { onProgress });
  await replaceCurrent(files, path, parts);
  return position;
}

/** What the tables say that cannot all be true. */
export async function compareTables(
  directory: string,
  { log, timers }: Parts,
): Promise<readonly VerifyProblem[]> {
  const projections = await openProjections({ log, timers, path: directory });
  try {
    await projections.catchUp();
    return projections.queries.brokenInvariants().map(({ rule, subject, found }) => ({
      kind: 'tables',
      position: null,
      subject,
      found: `${rule}: ${found}`,
    }));
  } finally {
    projections.close();
  }
}
