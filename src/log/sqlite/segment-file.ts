/**
 * One segment file: an unbroken copy of a range of the log, which is only ever read. Whatever is
 * wrong with it is a fault of this file, and condemns nothing else.
 */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { atMost } from '../../sqlite/at-most.ts';
import { asFault, isBusy } from '../../sqlite/faults.ts';
import { LogUnavailable, type Position, type Version } from '../event-log.ts';
import { asEvent, type EventRow, eventColumns } from './event-row.ts';

/** A range of positions that has a file of its own; both ends are included. */
export interface SegmentRange {
  readonly from: Position;
  readonly upTo: Position;
}

/** A segment and what is attested of its file. */
export interface Segment extends SegmentRange {
  readonly path: string;
  /** Size and SHA-256 (hex) of the file; undefined when nothing is attested. */
  readonly attested: { readonly bytes: number; readonly digest: string } | undefined;
}

/** The reads of one segment file, in the order that each name says. */
export type SegmentReads = ReturnType<typeof prepareReads>;

/** Where the files are, in the directory of a board. */
export function segmentsDirectory(boardDirectory: string): string {
  return join(boardDirectory, 'segments');
}

/** The name of a segment's file, in their directory. */
export function segmentName({ from, upTo }: SegmentRange): string {
  return `${from}-${upTo}.db`;
}

/** An open segment file. */
export class SegmentFile {
  readonly segment: Segment;
  readonly db: Database.Database;
  readonly #reads: SegmentReads;

  /** Throws a fault of the segment when its file is not there, or is not as long as it was. */
  constructor(segment: Segment, open: (path: string) => Database.Database) {
    this.segment = segment;
    refuseOtherSize(segment);
    this.db = named(segment, () => open(segment.path));
    try {
      this.#reads = named(segment, () => prepareReads(this.db));
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  /** Reads; what SQLite finds wrong with the file becomes a fault of the segment. */
  read<T>(work: (reads: SegmentReads) => T): T {
    return named(this.segment, () => work(this.#reads));
  }

  close(): void {
    this.db.close();
  }
}

function prepareReads(db: Database.Database) {
  const select = <P extends unknown[]>(tail: string) => {
    const sql = `SELECT ${eventColumns} FROM events ${tail}`;
    const rows = db.prepare<P, EventRow>(sql).raw();
    return (...bindings: P) => rows.all(...bindings).map(asEvent);
  };
  const hash = (column: string) => {
    const sql = `SELECT lower(hex(${column})) FROM events WHERE position = ?`;
    const found = db.prepare<[Position], string>(sql).pluck();
    return (position: Position) => found.get(position);
  };
  return {
    allForward: select<[Position, number]>(`WHERE position > ? ORDER BY position ${atMost('?')}`),
    allBackward: select<[Position, number]>(
      `WHERE position < ? ORDER BY position DESC ${atMost('?')}`,
    ),
    /** Of a stream, the last of those up to a version, last first. */
    streamBackward: select<[string, Version, number]>(
      `WHERE stream = ? AND version <= ? ORDER BY version DESC ${atMost('?')}`,
    ),
    hashAt: hash('hash'),
    hashBefore: hash('prev_hash'),
  };
}

/** Throws unless the file is there and as long as was attested. */
export function refuseOtherSize(segment: Segment): void {
  const size = statSync(segment.path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw segmentFault(segment, 'missing', 'is missing');
  const { attested } = segment;
  if (attested === undefined || size === attested.bytes) return;
  const found = `is ${size} bytes long instead of ${attested.bytes}`;
  throw segmentFault(segment, 'damaged', found);
}

/** Throws unless the file is, byte for byte, what was attested. */
export async function refuseOtherDigest(segment: Segment): Promise<void> {
  refuseOtherSize(segment);
  const { digest } = await digestOfFile(segment.path);
  if (segment.attested !== undefined && digest === segment.attested.digest) return;
  throw segmentFault(segment, 'damaged', 'is not what was attested');
}

/**
 * Size and SHA-256 (hex) of a file. Nobody ever writes to a segment again, so there are no locks on
 * it that closing it could drop.
 */
export async function digestOfFile(path: string): Promise<{ bytes: number; digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, digest: hash.digest('hex') };
}

/** The fault of a segment file that cannot be used. */
export function segmentFault(
  { path }: Pick<Segment, 'path'>,
  how: 'missing' | 'damaged',
  found: string,
  cause?: unknown,
): LogUnavailable {
  return new LogUnavailable(`The segment file ${path} ${found}`, {
    code: `segment_${how}`,
    hint: 'Put the file back from a copy of the board, or restore a backup (`logboard restore`).',
    retryable: false,
    cause,
  });
}

/** Whether a fault is about a segment file, and not about the rest of the log. */
export function isSegmentFault(error: unknown): error is LogUnavailable {
  return error instanceof LogUnavailable && error.code.startsWith('segment_');
}

function named<T>(segment: Segment, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isBusy(error)) throw error;
    const cause = asFault(error, 'read it') as Error;
    throw segmentFault(segment, 'damaged', `cannot be read: ${cause.message}`, cause);
  }
}
