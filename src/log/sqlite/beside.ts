/** What lasts, and is done to a log beside its appends: each on a connection of its own. */
import { dirname } from 'node:path';
import { attempt, untilFree } from '../../sqlite/attempt.ts';
import type { Breathe } from '../breathe.ts';
import { type Archived, type Archiving, archive } from './archive.ts';
import { type ArchivePlan, type ArchiveWanted, planArchive } from './archive-plan.ts';
import { backupDatabase } from './backup.ts';
import { damaged } from './condition.ts';
import type { Opened } from './opened.ts';
import { reunite } from './reunite.ts';
import { Segments } from './segments.ts';
import { createThinner, type Thinning } from './thin.ts';
import { type ChainReport, type OnProgress, type VerifyOptions, verifyChain } from './verify.ts';

/** Ranges to thin, in their order. */
export type Thinnings = AsyncIterable<Thinning>;

/** The long work on one open log. */
export interface Beside {
  verifyChain(options: VerifyOptions): Promise<ChainReport>;
  backup(toPath: string, onProgress?: OnProgress): Promise<void>;
  /** `afterEach` follows each range that was thinned. */
  thin(thinnings: Thinnings, afterEach: () => void): Promise<void>;
  /** What archiving would do: the segments it would make, and how much would leave the log. */
  planArchive(wanted: ArchiveWanted): Promise<ArchivePlan>;
  /**
   * Copies what happened long ago into segment files, and lets rows of closed streams leave the
   * log. Needs a log that is open for writing; what was done stays so when the rest fails.
   */
  archive(wanted: Archiving): Promise<Archived>;
}

/** How long to wait while somebody recovers the log after a crash. */
const openWaitMsMax = 10_000;

/** Prepares the long work; it breathes, so that everything else goes on. */
export function createBeside(log: Opened, breathe: Breathe): Beside {
  const { condition, waiting } = log;
  const directory = dirname(log.place.database);

  async function onAnother<T>(
    open: () => Opened['db'],
    attempted: string,
    work: (db: Opened['db']) => Promise<T>,
  ): Promise<T> {
    try {
      const db = await untilFree(() => attempt(open), waiting, openWaitMsMax);
      return await work(db).finally(() => db.close());
    } catch (error) {
      throw condition.judge(error, attempted);
    }
  }

  function segmentsOf(db: Opened['db']): Segments {
    return new Segments(db, directory, log.openSegment);
  }

  /** A copy needs nothing of files of which the log itself does not know by now. */
  async function complete(path: string): Promise<void> {
    log.segments.lookAgain();
    if (log.segments.upTo > 0) await reunite(path, directory, log, breathe);
  }

  return {
    async verifyChain(options) {
      const report = await onAnother(log.openAnother, 'verify the log', (db) => {
        const segments = segmentsOf(db);
        return verifyChain(db, options, breathe, segments).finally(() => segments.close());
      });
      const { problem } = report;
      if (problem !== undefined && !isAboutFile(problem)) {
        condition.refuseWriting(damaged(problem.message, problem));
      }
      return report;
    },

    async backup(toPath, onProgress) {
      if (condition.readingRefused()) {
        // Once the files are replaced, only this connection still reaches what was acknowledged.
        await backupDatabase(log.db, toPath, onProgress, complete);
        return;
      }
      await onAnother(log.openAnother, `back up to ${toPath}`, (db) =>
        backupDatabase(db, toPath, onProgress, complete),
      );
    },

    thin: (thinnings, afterEach) =>
      onAnother(log.openWriter, 'thin the log', async (db) => {
        const thinner = createThinner(db, log);
        for await (const thinning of thinnings) {
          await thinner.thin(thinning);
          afterEach();
          await breathe();
        }
      }),

    planArchive: (wanted) =>
      onAnother(log.openAnother, 'look what can be archived', (db) => {
        const segments = segmentsOf(db);
        return planArchive(db, segments, wanted, breathe).finally(() => segments.close());
      }),

    archive: (wanted) =>
      onAnother(log.openWriter, 'archive the log', (db) => archive(db, log, wanted, breathe)),
  };
}

/** A segment file that is missing is no reason to stop writing: it can be put back. */
function isAboutFile({ kind }: NonNullable<ChainReport['problem']>): boolean {
  return kind === 'segment_unusable' || kind === 'segment_differs';
}
