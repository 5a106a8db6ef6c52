/**
 * The chain of a log of which a part is in segment files, as one: a walk goes through the files,
 * then through the log itself, and sees that what is in both is the same.
 */
import type Database from 'better-sqlite3';
import type { Position } from '../event-log.ts';
import {
  type ChainQueries,
  type ChainRow,
  type FileQueries,
  prepareChainQueries,
  prepareFileQueries,
  refuseUnlessDamage,
} from './chain-walk.ts';
import type { Segment, SegmentFile } from './segment-file.ts';
import type { Segments } from './segments.ts';

/** Prepares what a walk asks; segments that come while it is on its way are found. */
export function prepareWholeChain(db: Database.Database, segments: Segments): ChainQueries {
  const log = prepareChainQueries(db);
  const prepared = new WeakMap<SegmentFile, FileQueries>();
  let current: Segment | undefined;
  let copyDiffersAt: Position | undefined;
  segments.lookAgain();

  function ask<T>(segment: Segment, work: (queries: FileQueries) => T): T {
    const file = segments.file(segment);
    return file.read(() => {
      const queries = prepared.get(file) ?? prepareFileQueries(file.db);
      prepared.set(file, queries);
      return work(queries);
    });
  }

  function pageFrom(how: 'page' | 'rowsOnly', after: Position, limit: number): ChainRow[] {
    for (const segment of segments.known) {
      if (segment.upTo <= after) continue;
      current = segment;
      const rows = ask(segment, (queries) => queries[how].all(after, limit));
      if (rows.length > 0) return rows;
    }
    current = undefined;
    return log[how].all(Math.max(after, segments.upTo), limit);
  }

  function patiently(how: 'page' | 'rowsOnly', after: Position, limit: number): ChainRow[] {
    for (;;) {
      const rows = pageFrom(how, after, limit);
      if (!hasGap(rows, after) || !segments.lookAgain()) return rows;
    }
  }

  /** The rows that are in the log as well must be the same ones, and found by the same ways. */
  function compare(rows: readonly ChainRow[], after: Position): void {
    const last = rows.at(-1)?.[0] ?? after;
    const known = new Map(rows.map((row) => [row[0], JSON.stringify(row)]));
    try {
      const kept = log.page.all(after, rows.length).filter(([position]) => position <= last);
      const stray = kept.find((row) => JSON.stringify(row) !== known.get(row[0]));
      copyDiffersAt ??= stray?.[0];
    } catch (error) {
      refuseUnlessDamage(error);
      copyDiffersAt ??= after + 1;
    }
  }

  /** Segments in which an event before the present one can be, the nearest first. */
  function behind(): readonly Segment[] {
    const { from } = current ?? { from: Number.MAX_SAFE_INTEGER };
    return segments.known.filter((segment) => segment.from <= from).reverse();
  }

  function firstOf<T>(inSegment: (queries: FileQueries) => T | undefined): T | undefined {
    for (const segment of behind()) {
      const found = ask(segment, inSegment);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return {
    ...log,
    page: {
      all(after, limit) {
        const rows = patiently('page', after, limit);
        if (current !== undefined) compare(rows, after);
        return rows;
      },
    },
    rowsOnly: { all: (after, limit) => patiently('rowsOnly', after, limit) },
    // What is missing in the log itself is always the beginning of a stream.
    positionInIndex: {
      get: (stream, version) =>
        log.positionInIndex.get(stream, version) ??
        firstOf((queries) => queries.positionInIndex.get(stream, version)),
    },
    versionBefore: {
      get: (stream, version) =>
        log.versionBefore.get(stream, version) ??
        firstOf((queries) => queries.versionBefore.get(stream, version)),
    },
    positionBefore: {
      get(position) {
        const found = log.positionBefore.get(position);
        const { upTo } = segments;
        if (upTo === 0 || (found ?? 0) > upTo) return found;
        return segments.before(Math.min(position, upTo + 1), 1)[0]?.position;
      },
    },
    hashAt: { get: (position) => log.hashAt.get(position) ?? segments.hashAt(position) },
    copyDiffersAt: () => copyDiffersAt,
  };
}

function hasGap(rows: readonly ChainRow[], after: Position): boolean {
  return rows.some(([position], index) => position !== (rows[index - 1]?.[0] ?? after) + 1);
}
