/**
 * The tables at a position, in a transaction that is never committed.
 *
 * A keyframe is opened, the steps after it are applied, the events after those are folded, and the
 * questions are answered, all on one connection; then everything is given up. So nothing is copied,
 * however large the board is, and no reader can harm a keyframe, even when it is killed.
 */
import Database from 'better-sqlite3';
import { type EventLog, type Position, pageCharsMax } from '../../src/log/event-log.ts';
import { isStorageFault } from '../../src/sqlite/faults.ts';
import { openDatabase } from '../../src/sqlite/open.ts';
import type { BuildParts } from '../build.ts';
import { type Checkpoint, openCheckpoint, startAt } from '../checkpoint/checkpoint.ts';
import { disagreement } from '../confirm.ts';
import { createTables, openFold } from '../fold.ts';
import { foldInBulk } from '../fold-in-bulk.ts';
import type { ChapterStart, HistoryFiles } from './files.ts';
import { applySteps, lastStep } from './steps.ts';
import { folded } from './tables.ts';

/** Tables on their way to a position. */
export interface Draft {
  readonly db: Database.Database;
  /** Where its chapter begins. */
  readonly start: ChapterStart;
  /** How far it has come. */
  checkpoint(): Checkpoint;
  /** Folds the events up to a position. Rejects like a build of tables. */
  foldTo(upTo: Position, onPage?: (position: Position) => void): Promise<void>;
  close(): void;
}

/** What a draft is made from. */
export interface DraftParts extends Omit<BuildParts, 'log'> {
  readonly files: HistoryFiles;
  /** The log up to the place wanted. */
  readonly log: EventLog;
  /** Default: what was found to be a good measure. */
  readonly pace?: Pace;
}

/** How often it is written down what the past was like. */
export interface Pace {
  /** Events between two steps: what a look has to fold at most. */
  readonly stepEvents: number;
  /** Events of a chapter, at least. */
  readonly chapterEvents: number;
}

/** Events read at a time. */
const pageSize = 1_000;

/**
 * The draft that comes closest to a position without going beyond. What the log does not confirm,
 * or cannot be read, is left out; whoever holds the lock removes it.
 */
export async function openNearest(
  upTo: Position,
  parts: DraftParts,
  hasLock: boolean,
): Promise<Draft> {
  for (const start of parts.files.starts(upTo)) {
    const steps = parts.files.steps(start.position);
    for (const each of steps === undefined ? [undefined] : [steps, undefined]) {
      const draft = await tryToOpen({ start, steps: each, upTo }, parts);
      if (draft !== undefined) return draft;
      if (each !== undefined && hasLock) parts.files.remove(each);
    }
    if (start.keyframe !== undefined && hasLock) parts.files.remove(start.keyframe);
  }
  throw new Error('the beginning of a log can always be opened');
}

interface Wanted {
  readonly start: ChapterStart;
  /** The file of the steps to apply, if any. */
  readonly steps: string | undefined;
  readonly upTo: Position;
}

/** Undefined when the files are of no use. */
async function tryToOpen(wanted: Wanted, parts: DraftParts): Promise<Draft | undefined> {
  const { log } = parts;
  let db: Database.Database | undefined;
  try {
    db = openStart(wanted.start, parts);
    const checkpoint = begin(db, wanted);
    if (checkpoint && (await disagreement(log, checkpoint)) === undefined) {
      return draftOf(db, { start: wanted.start, checkpoint }, parts);
    }
  } catch (error) {
    if (!isStorageFault(error)) {
      db?.close();
      throw error;
    }
  }
  db?.close();
  return undefined;
}

/** The tables that a chapter begins with, inside a transaction. */
function openStart({ keyframe }: ChapterStart, parts: DraftParts): Database.Database {
  if (keyframe === undefined) return openNothing(parts);
  const { trustFileSystem } = parts;
  const db = openDatabase({
    path: keyframe,
    access: 'draft',
    durability: 'normal',
    trustFileSystem,
  });
  try {
    return seize(db);
  } catch (error) {
    db.close();
    if (!isInTheWay(error)) throw error;
    return openCopy(keyframe, parts);
  }
}

function openNothing({ log }: DraftParts): Database.Database {
  const db = new Database(':memory:');
  createTables(db, log.epoch, folded);
  return seize(db);
}

/** Begins the transaction, and takes the lock of the file with a write that changes nothing. */
function seize(db: Database.Database): Database.Database {
  db.exec('BEGIN; UPDATE checkpoint SET position = position');
  return db;
}

/** Somebody else looks at the same keyframe, or nobody may write to it. */
function isInTheWay(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^SQLITE_(BUSY|READONLY)/.test(code);
}

/** The keyframe in memory, for whom its file is taken. */
function openCopy(keyframe: string, { trustFileSystem }: DraftParts): Database.Database {
  const file = openDatabase({
    path: keyframe,
    access: 'read',
    durability: 'normal',
    trustFileSystem,
  });
  try {
    return seize(new Database(file.serialize()));
  } finally {
    file.close();
  }
}

/**
 * Applies the steps, if there are any; answers the place that is reached. Undefined when the files
 * are not what their names say.
 */
function begin(db: Database.Database, { start, steps, upTo }: Wanted): Checkpoint | undefined {
  const found = openCheckpoint(db).read();
  if (found?.position !== start.position) return undefined;
  if (steps === undefined) return found;
  db.prepare('ATTACH ? AS steps').run(steps);
  const last = lastStep(db, start.position, upTo);
  if (last !== undefined) applySteps(db, last.position);
  return last;
}

function draftOf(
  db: Database.Database,
  from: { readonly start: ChapterStart; readonly checkpoint: Checkpoint },
  { log, codec, timers }: DraftParts,
): Draft {
  const fold = openFold(db, folded);
  const store = openCheckpoint(db);
  let { checkpoint } = from;
  store.advance(store.read() ?? startAt(log.epoch), checkpoint);

  async function foldTo(upTo: Position, onPage?: (position: Position) => void): Promise<void> {
    let after = checkpoint.position;
    const take = foldInBulk(fold, codec);
    while (after < upTo) {
      const limit = Math.min(pageSize, upTo - after);
      const page = await log.readAll({ after, limit, charsMax: pageCharsMax });
      const events = page.filter(({ position }) => position <= upTo);
      const last = events.at(-1);
      if (last === undefined) break;
      for (const stored of events) take(stored);
      after = last.position;
      onPage?.(after);
      await new Promise<void>((resolve) => timers.immediate(resolve));
    }
    fold.flush();
    const reached = { ...checkpoint, position: after, hash: (await log.hashAt(after)) ?? '' };
    store.advance(checkpoint, reached);
    checkpoint = reached;
  }

  return {
    db,
    start: from.start,
    checkpoint: () => checkpoint,
    foldTo,
    // What was not committed is gone with its connection.
    close: () => db.close(),
  };
}
