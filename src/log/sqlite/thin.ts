/**
 * Takes beats of ended runs out of the log, one range in one transaction: rows go, and an event
 * that attests the gaps comes, or neither.
 */
import type Database from 'better-sqlite3';
import { createWriteLock } from '../../sqlite/write-lock.ts';
import type { NewEvent, Position } from '../event-log.ts';
import { packBeats, type ThinnedRun } from '../thinned-beats.ts';
import { Appender } from './append.ts';
import { formatOfThinned, raiseFormat } from './format.ts';
import type { Opened } from './opened.ts';
import { digestOf, type Gap } from './thinned.ts';

/**
 * Positions of one range: so many rows are gone in a few ms. The first row of each range stays, so
 * that no gap reaches from one range into the next, and each can be attested alone.
 */
export const rangeSize = 2_048;

/** What to take out of one range. */
export interface Thinning {
  /** First position of the range: a multiple of `rangeSize`, plus 1. */
  readonly from: Position;
  readonly runs: readonly ThinnedRun[];
  /** Makes the event that attests it. */
  attest(said: {
    readonly from: Position;
    readonly upTo: Position;
    readonly removed: number;
    readonly digest: string;
    readonly beats: string;
  }): NewEvent;
}

/** The streams that are written to. */
const boardStream = 'board';

/** How long to wait for the write lock. */
const lockWaitMsMax = 10_000;

interface Row {
  readonly position: Position;
  readonly before: string;
  readonly hash: string;
}

/** Thins ranges over a connection of its own. */
export function createThinner(
  db: Database.Database,
  log: Pick<Opened, 'waiting' | 'clock' | 'segments'>,
) {
  const lock = createWriteLock(db, log.waiting);
  const appender = new Appender(db, log.segments, () => log.clock.nowMs());
  const rows = db.prepare<[Position, Position], Row>(`
    SELECT position, lower(hex(prev_hash)) AS before, lower(hex(hash)) AS hash
    FROM events WHERE position >= ? AND position <= ? ORDER BY position`);
  const remove = db.prepare<[Position, string, number]>(`
    DELETE FROM events
    WHERE position = ? AND stream = ? AND version = ? AND type = 'HeartbeatRecorded'`);

  function thinNow({ from, runs, attest }: Thinning): void {
    appender.begin();
    raiseFormat(db, formatOfThinned);
    log.segments.lookAgain();
    if (from <= log.segments.upTo) throw new GoneAlready(`${from} is in a segment`);
    const upTo = from + rangeSize - 1;
    db.prepare('INSERT INTO thinning (only, after, up_to) VALUES (1, ?, ?)').run(from, upTo);
    let removed = 0;
    for (const { runId, beats } of runs) {
      for (const { position, version } of beats) {
        const { changes } = remove.run(position, `run-${runId}`, version);
        if (changes !== 1) throw new GoneAlready(`the beat at position ${position} is gone`);
        removed += 1;
      }
    }
    db.prepare('DELETE FROM thinning').run();
    const digest = digestOf(gapsIn(rows.all(from, upTo + 1)));
    const event = attest({ from, upTo, removed, digest, beats: packBeats(runs) });
    appender.apply([{ stream: boardStream, expected: 'any', events: [event] }]);
    appender.end();
  }

  /** Thins one range; false when another process has just done so. */
  async function thin(thinning: Thinning): Promise<boolean> {
    try {
      await lock.withLock(() => thinNow(thinning), lockWaitMsMax);
      return true;
    } catch (error) {
      if (error instanceof GoneAlready) return false;
      throw error;
    }
  }

  return { thin };
}

/** The gaps between rows that follow one another. */
function* gapsIn(rows: readonly Row[]): Generator<Gap> {
  for (const [index, row] of rows.entries()) {
    const previous = rows[index - 1];
    if (previous === undefined || row.position === previous.position + 1) continue;
    const { hash: before } = previous;
    yield { first: previous.position + 1, last: row.position - 1, before, end: row.before };
  }
}

/** Somebody else has thinned the same range meanwhile: everything is rolled back. */
class GoneAlready extends Error {
  override readonly name = 'GoneAlready';
}
