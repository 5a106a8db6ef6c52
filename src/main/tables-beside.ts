/** Compares the tables of a board on a processor of their own, where that is worth it. */
import { Worker } from 'node:worker_threads';
import type { OnProgress, VerifyProblem } from '../cli/upkeep.ts';
import { compareTables, type Tables } from './tables.ts';

/** What the thread says: how far it is, and at last what it found. */
export type Said =
  | { readonly progress: Parameters<OnProgress>[0] }
  | { readonly problems: readonly VerifyProblem[] };

/** With fewer events, starting a thread takes longer than it saves. */
const eventsWorthAThread = 20_000;

/** Room for what is young in the thread's memory: folding makes much that lives a page long. */
const youngMiB = 64;

/** Tests run the sources, which are no programs: there, everything happens in one thread. */
const isCompiled = import.meta.url.endsWith('.js');

/** Compares a board's tables with its log. */
export async function compareBeside(
  tables: Tables,
  onProgress: OnProgress,
): Promise<readonly VerifyProblem[]> {
  const { position } = await tables.log.head();
  const isLong = isCompiled && position >= eventsWorthAThread;
  return isLong ? inThread(tables.path, onProgress) : compareTables(tables, onProgress);
}

function inThread(path: string, onProgress: OnProgress): Promise<readonly VerifyProblem[]> {
  const thread = new Worker(new URL('./tables-thread.js', import.meta.url), {
    workerData: path,
    resourceLimits: { maxYoungGenerationSizeMb: youngMiB },
  });
  return new Promise((resolve, reject) => {
    thread.on('message', (said: Said) => {
      if ('progress' in said) onProgress(said.progress);
      else resolve(said.problems);
    });
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`the comparison ended with ${code}`)));
  });
}
