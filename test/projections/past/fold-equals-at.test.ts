/** The tables at any position are those that folding the log up to there makes. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { compareTables } from '../../../projections/compare.ts';
import { createTables, openFold } from '../../../projections/fold.ts';
import { openDraftAt } from '../../../projections/past/chronicle.ts';
import { createHistoryFiles } from '../../../projections/past/files.ts';
import { folded } from '../../../projections/past/tables.ts';
import { systemTimers } from '../../../src/host/clock.ts';
import { codec } from '../../../src/log/codec.ts';
import { cutLog } from '../../../src/log/cut.ts';
import type { EventLog, Position } from '../../../src/log/event-log.ts';
import { createChance } from '../../../tools/trial/chance.ts';
import { longLog } from '../../kit/long-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';

const events = 100_000;
const looks = 1_000;
/** Closer together than on a real board, so that there are many steps and chapters. */
const pace = { stepEvents: 250, chapterEvents: 5_000 };

let log: EventLog;
beforeAll(async () => {
  log = await longLog(events);
}, 120_000);

/** Looks at positions in any order, from the history that the looks before have left. */
function looker() {
  const files = createHistoryFiles(tempDir());
  const parts = { files, codec, timers: systemTimers, trustFileSystem: false, pace };
  return (position: Position) => openDraftAt(position, { ...parts, log: cutLog(log, position) });
}

/** Tables that are folded further and further, from the beginning, by nothing but the fold. */
function createReference(path: string) {
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  createTables(db, log.epoch, folded);
  const fold = openFold(db, folded);
  let position = 0;
  return async (upTo: Position) => {
    db.exec('BEGIN');
    for (const stored of await log.readAll({ after: position, limit: upTo - position || 1 })) {
      if (stored.position <= upTo) fold.fold(codec.decode(stored));
    }
    fold.flush();
    db.exec('COMMIT');
    position = upTo;
  };
}

test(`of ${events} events, at ${looks} positions drawn by chance`, {
  timeout: 300_000,
}, async () => {
  const chance = createChance('positions');
  const positions = Array.from({ length: looks }, () => chance.whole(1, events));
  const path = join(tempDir(), 'reference.db');
  const foldTo = createReference(path);
  const lookAt = looker();
  // The history is written by looks in any order; all are compared in the order of the reference.
  for (const position of positions.slice(0, 25)) (await lookAt(position)).close();
  for (const position of positions.sort((a, b) => a - b)) {
    await foldTo(position);
    const draft = await lookAt(position);
    expect(compareTables(draft.db, path, folded), `at ${position}`).toEqual([]);
    expect(draft.checkpoint()).toMatchObject({ position, hash: await log.hashAt(position) });
    draft.close();
  }
});
