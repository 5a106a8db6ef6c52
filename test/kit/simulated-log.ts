/** The log of a simulation: workers to whom everything happens that can go wrong. */

import type { LogReader } from '../../src/log/event-log.ts';
import { type StoryOptions, tellStory } from '../../tools/simulate/story.ts';

/** What a story goes by. */
type Named = Required<Pick<StoryOptions, 'seed' | 'sizes'>>;

/** A story in which runs are reclaimed and fail, writes are refused, and people step in. */
export const eventful: Named = { seed: 21, sizes: { tasks: 30 } };

const told = new Map<string, Promise<LogReader>>();

/**
 * Tells the story of a seed and answers its log. A story is the same whenever it is told: who asks
 * for it again in this process reads the same log.
 */
export function simulatedLog({ seed, sizes }: Named): Promise<LogReader> {
  const name = JSON.stringify([seed, sizes]);
  const log = told.get(name) ?? logOf({ seed, sizes });
  told.set(name, log);
  return log;
}

async function logOf(options: Named): Promise<LogReader> {
  let log: LogReader | undefined;
  const atTheEnd: StoryOptions['atTheEnd'] = async (end) => {
    log = end.log;
  };
  await tellStory({ ...options, atTheEnd });
  if (log === undefined) throw new Error('the story had no log');
  return log;
}
