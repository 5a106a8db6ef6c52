/** The tables as they were at a position, to be asked like those of the present. */
import type Database from 'better-sqlite3';
import type { EventLog, Position } from '../../src/log/event-log.ts';
import type { Progress } from '../build.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { createTableFiles } from '../file.ts';
import { prepareQueries, type Queries } from '../queries.ts';
import type { SteppingTables } from '../stepping.ts';
import { openDraftAt, writeDown } from './chronicle.ts';
import { createHistoryFiles } from './files.ts';
import { openSteppingPast, type PastParts } from './open-stepping.ts';
import { createPastSearch, searchLate } from './search.ts';
import { borrowed } from './tables.ts';

/** The tables as they were: they go no further. */
export interface PastTables {
  /** Resolves with the position they are at. */
  catchUp(): Promise<Position>;
  waitFor(position: Position): Promise<void>;
  checkpoint(): Checkpoint;
  readonly queries: Queries;
  /** Those of a place that is earlier still. */
  openPast(cut: EventLog, onProgress?: (progress: Progress) => void): Promise<PastTables>;
  openStepping(upTo: Position, onProgress?: (progress: Progress) => void): Promise<SteppingTables>;
  close(): void;
}

/**
 * The tables at the end of a log that was cut, and that misses no beat (see `unthinnedLog`). They
 * hold a transaction open on the tables of the present, which cannot be tidied up until they are
 * closed. Rejects like `catchUp`.
 */
export async function openPast(
  cut: EventLog,
  parts: PastParts,
  onProgress?: (progress: Progress) => void,
): Promise<PastTables> {
  const { position } = await cut.head();
  const files = createHistoryFiles(parts.directory);
  const draft = await openDraftAt(position, { ...parts, log: cut, files }, onProgress);
  try {
    const queries = questionsOn(draft.db, position, parts);
    return {
      catchUp: async () => position,
      waitFor: async () => {},
      checkpoint: draft.checkpoint,
      queries,
      openPast: (earlier, onEarlier) => openPast(earlier, parts, onEarlier),
      openStepping: (upTo, onWay) => openSteppingPast(cut, upTo, parts, onWay),
      close: draft.close,
    };
  } catch (error) {
    draft.close();
    throw error;
  }
}

/**
 * Writes down the whole past of an unthinned log anew, with all its keyframes; resolves with the
 * position that was reached. Rejects like a build of tables.
 */
export async function rebuildHistory(
  log: EventLog,
  parts: PastParts,
  onProgress?: (progress: Progress) => void,
): Promise<Position> {
  const { position } = await log.head();
  const files = createHistoryFiles(parts.directory);
  await writeDown(position, { ...parts, log, files }, onProgress);
  return position;
}

function questionsOn(db: Database.Database, position: Position, { directory }: PastParts): Queries {
  const present = createTableFiles(directory).current();
  db.prepare('ATTACH ? AS present').run(present);
  for (const { table } of borrowed) {
    // Seen before the tables of the present themselves, of which the later rows are hidden.
    db.exec(`CREATE TEMP VIEW ${table} AS
      SELECT * FROM present.${table} WHERE position <= ${position}`);
  }
  createPastSearch(db);
  const queries = prepareQueries(db);
  return { ...queries, search: searchLate(db, queries.search) };
}
