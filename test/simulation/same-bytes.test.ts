/** A seed is the whole story: told again, it is the same to the last byte of the log. */
import { describe, expect, it } from 'vitest';
import { bugNamed } from '../../tools/simulate/bugs.ts';
import { type StoryOptions, tellStory } from '../../tools/simulate/story.ts';

const timeoutMs = 300_000;

async function digests(stories: readonly StoryOptions[]): Promise<string[]> {
  const found: string[] = [];
  for (const story of stories) found.push((await tellStory(story)).digest);
  return found;
}

describe('the same seed', () => {
  it(
    'tells the same story, event by event',
    async () => {
      const seeds = Array.from({ length: 100 }, (_, index) => ({ seed: 5_001 + index }));
      const first = await digests(seeds);
      expect(await digests(seeds.toReversed())).toEqual(first.toReversed());
      expect(new Set(first).size).toBe(first.length);
    },
    timeoutMs,
  );

  it('tells it whether or not somebody writes it down', async () => {
    const kept = await tellStory({ seed: 7, keepsJournal: true });
    expect(kept.journal.length).toBeGreaterThan(kept.events);
    expect(await digests([{ seed: 7 }])).toEqual([kept.digest]);
  });

  it('tells a violation again, with what led to it', async () => {
    const bug = bugNamed('half_an_append');
    const { seed, violation } = await tellStory({ seed: 1, bug });
    const again = await tellStory({ seed, bug, keepsJournal: true });
    expect(again.violation).toEqual(violation);
    expect(again.journal.map(({ text }) => text).join('\n')).toContain(violation?.about[0]);
  });
});
