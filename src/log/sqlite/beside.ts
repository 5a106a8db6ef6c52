/** What lasts, and is done to a log beside its appends: each on a connection of its own. */
import { attempt, untilFree } from '../../sqlite/attempt.ts';
import { backupDatabase } from './backup.ts';
import type { Breathe } from './breathe.ts';
import { damaged } from './condition.ts';
import type { Opened } from './opened.ts';
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
}

/** How long to wait while somebody recovers the log after a crash. */
const openWaitMsMax = 10_000;

/** Prepares the long work; it breathes, so that everything else goes on. */
export function createBeside(log: Opened, breathe: Breathe): Beside {
  const { condition, waiting } = log;

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

  return {
    async verifyChain(options) {
      const report = await onAnother(log.openAnother, 'verify the log', (db) =>
        verifyChain(db, options, breathe),
      );
      const { problem } = report;
      if (problem !== undefined) condition.refuseWriting(damaged(problem.message, problem));
      return report;
    },

    async backup(toPath, onProgress) {
      if (condition.readingRefused()) {
        // Once the files are replaced, only this connection still reaches what was acknowledged.
        await backupDatabase(log.db, toPath, onProgress);
        return;
      }
      await onAnother(log.openAnother, `back up to ${toPath}`, (db) =>
        backupDatabase(db, toPath, onProgress),
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
  };
}
