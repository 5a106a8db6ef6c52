/**
 * A finished file becomes a segment: in one transaction it gets its name, an event attests it, and
 * the log knows that it is there. One that is not attested is taken away if the log has what is in
 * it; nobody knows what another one is good for, so it stays.
 */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { syncDirectory } from '../../sqlite/file-system.ts';
import { createWriteLock } from '../../sqlite/write-lock.ts';
import {
  type LogHead,
  LogUnavailable,
  type NewEvent,
  type Position,
  type Version,
} from '../event-log.ts';
import { Appender } from './append.ts';
import { formatOfSegmented, raiseFormat } from './format.ts';
import type { Opened } from './opened.ts';
import { refuseExisting } from './publish.ts';
import { type SegmentRange, segmentName } from './segment-file.ts';
import type { Written } from './segment-writer.ts';

/** Makes the event that attests a file. */
export type Attest = (said: SegmentRange & Written) => NewEvent;

/** Publishes segments of one log. */
export interface SegmentPublisher {
  /** Takes away what an archiving left that died; one that goes on then finds its draft gone. */
  tidy(): Promise<void>;
  /** Where a file is written before it is published. */
  draftOf(range: SegmentRange): string;
  /**
   * Publishes a finished draft that was begun when the stream `board` stood at `since`; answers the
   * path of the file. Rejects when somebody else thinned or archived meanwhile.
   */
  publish(range: SegmentRange, written: Written, since: Version): Promise<string>;
  /** Where the stream `board` stands. */
  boardVersion(): Version;
}

/** What stands behind the name of a file that is not finished. */
const draftSuffix = '.partial';

const finishedName = /^\d+-\d+\.db$/;

const selectLast = `
  SELECT position, lower(hex(hash)) AS hash FROM events ORDER BY position DESC LIMIT 1`;

const lockWaitMsMax = 10_000;

/** Publishes over a connection to the log, into the directory of its segments. */
export function createSegmentPublisher(
  db: Database.Database,
  log: Pick<Opened, 'waiting' | 'clock' | 'segments' | 'openSegment'>,
  directory: string,
  attest: Attest,
): SegmentPublisher {
  const { segments } = log;
  const lock = createWriteLock(db, log.waiting);
  const appender = new Appender(db, segments, () => log.clock.nowMs());
  const pathOf = (range: SegmentRange) => join(directory, segmentName(range));
  const draftOf = (range: SegmentRange) => `${pathOf(range)}${draftSuffix}`;
  const hashAt = db
    .prepare<[Position], string>('SELECT lower(hex(hash)) FROM events WHERE position = ?')
    .pluck();

  function tidyNow(): void {
    segments.lookAgain();
    const attested = new Set(segments.known.map(segmentName));
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const isDraft = name.endsWith(draftSuffix);
      const isOurs = isDraft || (finishedName.test(name) && !attested.has(name) && isCopy(path));
      if (isOurs) rmSync(path, { force: true });
    }
  }

  /** Whether the log holds what a file holds: its last hash stands for all before it. */
  function isCopy(path: string): boolean {
    try {
      const file = log.openSegment(path);
      try {
        const last = file.prepare<[], LogHead>(selectLast).get();
        return last !== undefined && hashAt.get(last.position) === last.hash;
      } finally {
        file.close();
      }
    } catch {
      return false;
    }
  }

  function publishNow(range: SegmentRange, written: Written, since: Version): void {
    appender.begin();
    segments.lookAgain();
    const draft = draftOf(range);
    const isNext = segments.upTo === range.from - 1;
    if (!isNext || upkeepSince(db, since) || !existsSync(draft)) throw disturbed();
    refuseExisting(pathOf(range));
    raiseFormat(db, formatOfSegmented);
    renameSync(draft, pathOf(range));
    syncDirectory(directory);
    const insert = db.prepare('INSERT INTO segments (from_position, up_to) VALUES (?, ?)');
    insert.run(range.from, range.upTo);
    const event = attest({ ...range, ...written });
    appender.apply([{ stream: 'board', expected: 'any', events: [event] }]);
    appender.end();
  }

  return {
    tidy: () => lock.withLock(tidyNow, lockWaitMsMax),
    draftOf,
    async publish(range, written, since) {
      await lock.withLock(() => publishNow(range, written, since), lockWaitMsMax);
      return pathOf(range);
    },
    boardVersion() {
      const sql = `SELECT ifnull(max(version), -1) FROM events WHERE stream = 'board'`;
      return db.prepare<[], Version>(sql).pluck().get()!;
    },
  };
}

/** Whether somebody else has thinned or archived since. */
function upkeepSince(db: Database.Database, version: Version): boolean {
  const sql = `SELECT count(*) FROM events WHERE stream = 'board' AND version > ?
    AND type IN ('LogThinned', 'LogSegmented')`;
  return db.prepare<[Version], number>(sql).pluck().get(version)! > 0;
}

function disturbed(): LogUnavailable {
  return new LogUnavailable('Another program thinned or archived this log at the same time', {
    code: 'archiving_disturbed',
    hint: 'Run `logboard gc --archive` again: nothing is lost, and what is done is done.',
    retryable: true,
  });
}
