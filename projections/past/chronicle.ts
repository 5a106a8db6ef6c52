/**
 * Looks at the past, and writes down on the way what will make the next look faster.
 *
 * Whoever has to fold more than a step's worth of events records steps while folding, if nobody
 * else does so at that moment; when enough has come together, the chapter ends, and a keyframe
 * begins the next one. Recording is a courtesy: where it fails, the past is folded without it.
 */
import type Database from 'better-sqlite3';
import type { Position } from '../../src/log/event-log.ts';
import { isStorageFault } from '../../src/sqlite/faults.ts';
import { openDatabase } from '../../src/sqlite/open.ts';
import type { Progress } from '../build.ts';
import { tryBuildLock, withBuildLock } from '../build-lock.ts';
import { openCheckpoint, startAt } from '../checkpoint/checkpoint.ts';
import { createTables } from '../fold.ts';
import { type Draft, type DraftParts, openNearest, type Pace } from './draft.ts';
import { applySteps, createStepTables, lastStep, type Recorder, recordSteps } from './steps.ts';
import { folded } from './tables.ts';

/**
 * How often by default. A look folds a step in well below 100 ms. Longer chapters make for fewer
 * keyframes, and for more rows to bring up to date.
 */
export const paceDefault: Pace = { stepEvents: 2_500, chapterEvents: 100_000 };

/** SQLite's cache while a keyframe is made, as a negative number of KiB. */
const cacheKib = -64 * 1024;

/** Pages copied in one turn of the event loop. */
const pagesPerTurn = 2_000;

/** A chapter has at least this share of all that went before. */
const chapterShare = 0.25;

/**
 * The tables at a position, as a draft that is the caller's. Rejects like a build of tables.
 */
export async function openDraftAt(
  upTo: Position,
  parts: DraftParts,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Draft> {
  const tell = (done: Position) => onProgress({ done, total: upTo });
  const { stepEvents } = paceOf(parts);
  const near = await openNearest(upTo, parts, false);
  if (upTo - near.checkpoint().position < stepEvents) return finish(near, upTo, tell);
  const unlock = tryToLock(parts);
  if (unlock === undefined) return finish(near, upTo, tell);
  near.close();
  try {
    return await recordUpTo(upTo, parts, tell);
  } finally {
    unlock();
  }
}

/**
 * Removes what was written down, by whomever, and writes it down anew up to a position, as soon as
 * nobody else does. Rejects like a build of tables.
 */
export async function writeDown(
  upTo: Position,
  parts: DraftParts,
  onProgress: (progress: Progress) => void = () => {},
): Promise<void> {
  await withBuildLock(parts.files.lock, parts, async () => {
    parts.files.removeAll();
    const tell = (done: Position) => onProgress({ done, total: upTo });
    (await recordUpTo(upTo, parts, tell)).close();
  });
}

function paceOf({ pace = paceDefault }: DraftParts): Pace {
  return pace;
}

async function finish(draft: Draft, upTo: Position, tell: (done: Position) => void) {
  try {
    await draft.foldTo(upTo, tell);
    return draft;
  } catch (error) {
    draft.close();
    throw error;
  }
}

/** Undefined when somebody else records, or nothing can be written here. */
function tryToLock(parts: DraftParts): (() => void) | undefined {
  try {
    return tryBuildLock(parts.files.lock, parts);
  } catch {
    return undefined;
  }
}

/** Chapter after chapter, until the position is reached. The caller holds the lock. */
async function recordUpTo(
  upTo: Position,
  parts: DraftParts,
  tell: (done: Position) => void,
): Promise<Draft> {
  const { stepEvents } = paceOf(parts);
  for (let before = -1; ; ) {
    const draft = await openNearest(upTo, parts, true);
    const { position } = draft.start;
    // Whatever becomes of a keyframe that was made just now: it is tried once.
    if (position <= before) return finish(draft, upTo, tell);
    before = position;
    try {
      const chapter = await recordChapter(draft, { upTo, tell }, parts);
      const isDone = upTo - draft.checkpoint().position < stepEvents;
      if (isDone || !chapter.isFull || !(await endChapter(draft, parts))) {
        return await finish(draft, upTo, tell);
      }
    } catch (error) {
      draft.close();
      throw error;
    }
    draft.close();
  }
}

interface Goal {
  readonly upTo: Position;
  tell(done: Position): void;
}

/** Folds and records steps, as long as there is room for one before the goal. */
async function recordChapter(
  draft: Draft,
  { upTo, tell }: Goal,
  parts: DraftParts,
): Promise<{ readonly isFull: boolean }> {
  const start = draft.start.position;
  const { stepEvents, chapterEvents } = paceOf(parts);
  const length = Math.max(chapterEvents, Math.floor(start * chapterShare));
  const recording = startRecording(draft, parts);
  if (recording === undefined) return { isFull: false };
  const { recorder } = recording;
  try {
    let next = draft.checkpoint().position + stepEvents;
    for (; next <= upTo && next - start <= length; next += stepEvents) {
      await draft.foldTo(next, tell);
      recorder.record(draft.checkpoint());
    }
    recorder.commit();
    return { isFull: next - start > length };
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    return { isFull: false };
  } finally {
    recording.steps.close();
  }
}

/** Undefined when nothing can be written here. */
function startRecording(
  draft: Draft,
  parts: DraftParts,
): { readonly recorder: Recorder; readonly steps: Database.Database } | undefined {
  const { files, trustFileSystem } = parts;
  const { position } = draft.start;
  try {
    const known = files.steps(position);
    const path = known ?? files.createSteps(position);
    const steps = openDatabase({ path, durability: 'normal', trustFileSystem });
    try {
      if (known === undefined) createStepTables(steps, draft.db, draft.checkpoint());
      return { recorder: recordSteps(draft.db, steps), steps };
    } catch (error) {
      steps.close();
      throw error;
    }
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    return undefined;
  }
}

/** Makes the keyframe that the next chapter begins with; false when that was not possible. */
async function endChapter({ start }: Draft, parts: DraftParts): Promise<boolean> {
  const { files, log, trustFileSystem } = parts;
  const steps = files.steps(start.position);
  if (steps === undefined) return false;
  const path = files.building();
  try {
    if (start.keyframe !== undefined) await copyTo(path, start.keyframe, parts);
    const db = openDatabase({ path, durability: 'normal', trustFileSystem });
    try {
      // A keyframe is never written to again, and needs no log of its own.
      db.pragma('journal_mode = MEMORY');
      db.pragma(`cache_size = ${cacheKib}`);
      if (start.keyframe === undefined) createTables(db, log.epoch, folded);
      db.prepare('ATTACH ? AS steps').run(steps);
      const end = lastStep(db, start.position);
      if (end === undefined) return false;
      db.exec('BEGIN');
      applySteps(db, end.position);
      const store = openCheckpoint(db);
      store.advance(store.read() ?? startAt(log.epoch), end);
      db.exec('COMMIT');
      db.close();
      files.publish(path, end.position);
      return true;
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    return false;
  }
}

async function copyTo(path: string, keyframe: string, parts: DraftParts): Promise<void> {
  const { trustFileSystem } = parts;
  const db = openDatabase({
    path: keyframe,
    access: 'read',
    durability: 'normal',
    trustFileSystem,
  });
  try {
    await db.backup(path, { progress: () => pagesPerTurn });
  } finally {
    db.close();
  }
}
