/**
 * Archiving: what happened long ago is copied into segment files, and the rows of closed streams
 * leave the log. Wherever it dies, the log is sound: a file counts once an event attests it, and
 * until then nothing leaves.
 */
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { ensureDirectory } from '../../sqlite/file-system.ts';
import type { Breathe } from '../breathe.ts';
import type { Position } from '../event-log.ts';
import { type ArchiveWanted, rangesWorthIt } from './archive-plan.ts';
import { type Leaving, leave, nothing } from './leaving.ts';
import type { Opened } from './opened.ts';
import { type Attest, createSegmentPublisher } from './publish-segment.ts';
import { type SegmentRange, segmentsDirectory } from './segment-file.ts';
import { writeSegment } from './segment-writer.ts';
import { Segments } from './segments.ts';

/** What to archive. */
export interface Archiving extends ArchiveWanted {
  readonly attest: Attest;
  readonly onProgress: (stage: 'copying' | 'moving', done: Position, total: Position) => void;
}

/** A segment that was made. */
export interface ArchivedSegment extends SegmentRange {
  /** Its path. */
  readonly file: string;
  readonly events: number;
  readonly bytes: number;
}

/** What was archived. */
export interface Archived {
  readonly segments: readonly ArchivedSegment[];
  readonly left: Leaving;
}

/** Archives over a connection of its own. */
export async function archive(
  db: Database.Database,
  log: Opened,
  { attest, onProgress, ...wanted }: Archiving,
  breathe: Breathe,
): Promise<Archived> {
  const board = dirname(log.place.database);
  const directory = segmentsDirectory(board);
  const segments = new Segments(db, board, log.openSegment);
  const own = { ...log, segments };
  const publisher = createSegmentPublisher(db, own, directory, attest);

  async function makeSegment(range: SegmentRange, total: Position): Promise<ArchivedSegment> {
    const tell = (position: Position) => onProgress('copying', position, total);
    const writer = { db, openCopy: log.openCopy, breathe, onProgress: tell };
    const write = (draft: string) => writeSegment(writer, range, draft);
    const { file, events, bytes } = await publisher.publish(range, write);
    return { file, ...range, events, bytes };
  }

  async function makeRoom(): Promise<Leaving> {
    segments.lookAgain();
    if (segments.upTo === 0) return nothing;
    return leave(db, own, wanted.isClosed, async (position) => {
      onProgress('moving', position, segments.upTo);
      await breathe();
    });
  }

  try {
    await publisher.tidy();
    const ranges = await rangesWorthIt(db, segments, wanted, breathe);
    if (ranges.length > 0) ensureDirectory(directory);
    const made: ArchivedSegment[] = [];
    for (const range of ranges) made.push(await makeSegment(range, ranges.at(-1)!.upTo));
    return { segments: made, left: await makeRoom() };
  } finally {
    segments.close();
  }
}
