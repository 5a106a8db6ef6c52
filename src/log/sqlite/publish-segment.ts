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
import { type SegmentRange, segmentName } from './segment-file.ts';
import type { Written } from './segment-writer.ts';

/** Makes the event that attests a file. */
export type Attest = (said: SegmentRange & Written) => NewEvent;

/** Publishes segments of one log. */
export interface SegmentPublisher {
  /** Takes away what an archiving left that died; one that goes on then finds its draft gone. */
  tidy(): Promise<void>;
  /**
   * Has a draft written and publishes it; answers what was written, and the path of the file.
   * Rejects when another file has its name, or somebody else thinned or archived meanwhile.
   */
  publish(
    range: SegmentRange,
    write: (draft: string) => Promise<Written>,
  ): Promise<Written & { readonly file: string }>;
}

/** What stands behind the name of a file that is not finished. */
const draftSuffix = '.partial';

/** What one hears whose draft somebody else took away. */
const tellsOfLoss: ReadonlySet<string> = new Set(['ENOENT', 'SQLITE_READONLY_DBMOVED']);

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
  const boardVersion = db
    .prepare<[], Version>(`SELECT ifnull(max(version), -1) FROM events WHERE stream = 'board'`)
    .pluck();
  const hashAt = db
    .prepare<[Position], string>('SELECT lower(hex(hash)) FROM events WHERE position = ?')
    .pluck();

  function tidyNow(): void {
    segments.lookAgain();
    const attested = new Set(segments.known.map(segmentName));
    for (const name of existsSync(directory) ? readdirSync(directory) : []) {
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

  function publishNow(draft: string, range: SegmentRange, written: Written, since: Version) {
    appender.begin();
    segments.lookAgain();
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
    async publish(range, write) {
      const file = pathOf(range);
      refuseExisting(file);
      const since = boardVersion.get()!;
      // Of two programs at once, each has a draft of its own.
      const draft = `${file}.${Math.trunc(log.waiting.random() * 1e9)}${draftSuffix}`;
      try {
        const written = await write(draft);
        await lock.withLock(() => publishNow(draft, range, written, since), lockWaitMsMax);
        return { ...written, file };
      } catch (error) {
        throw tellsOfLoss.has((error as { code?: string }).code ?? '') ? disturbed() : error;
      } finally {
        rmSync(draft, { force: true });
      }
    },
  };
}

/** Whether somebody else has thinned or archived since. */
function upkeepSince(db: Database.Database, version: Version): boolean {
  const sql = `SELECT count(*) FROM events WHERE stream = 'board' AND version > ?
    AND type IN ('LogThinned', 'LogSegmented')`;
  return db.prepare<[Version], number>(sql).pluck().get(version)! > 0;
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new LogUnavailable(`There is a file at ${path} of which the log knows nothing`, {
    code: 'file_exists',
    hint: 'Move it elsewhere, and keep it if you do not know where it comes from.',
    retryable: false,
  });
}

function disturbed(): LogUnavailable {
  return new LogUnavailable('Another program thinned or archived this log at the same time', {
    code: 'archiving_disturbed',
    hint: 'Run `logboard gc --archive` again: nothing is lost, and what is done is done.',
    retryable: true,
  });
}
