/** The log of a simulation: workers to whom everything happens that can go wrong. */

import type { LogReader } from '../../src/log/event-log.ts';
import { type StoryOptions, tellStory } from '../../tools/simulate/story.ts';

/** A story in which runs are reclaimed and fail, writes are refused, and people step in. */
export const eventful: StoryOptions = { seed: 21, sizes: { tasks: 30 } };

/** Tells the story of a seed and answers its log. */
export async function simulatedLog(options: StoryOptions): Promise<LogReader> {
  let log: LogReader | undefined;
  const atTheEnd: StoryOptions['atTheEnd'] = async (end) => {
    log = end.log;
  };
  await tellStory({ ...options, atTheEnd });
  if (log === undefined) throw new Error('the story had no log');
  return log;
}
