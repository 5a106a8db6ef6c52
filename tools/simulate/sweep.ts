/** Simulates seed after seed, and adds up. */
import { type Bug, noBug } from './bug.ts';
import { type Story, tellStory } from './story.ts';
import type { Sizes } from './traits.ts';

/** Which seeds to simulate. */
export interface SweepOptions {
  readonly from: number;
  readonly seeds: number;
  readonly bug?: Bug;
  readonly sizes?: Sizes;
  /** Stops at the first violation. */
  readonly stopsAtFirst?: boolean;
  /** Called after every seed. */
  readonly onSeed?: (done: number, violations: number) => void;
}

/** What many simulations came to. */
export interface Swept {
  readonly seeds: number;
  readonly events: number;
  readonly runs: number;
  readonly steps: number;
  readonly virtualMs: number;
  /** The stories that broke a promise. */
  readonly broken: readonly Story[];
}

/** Simulates all of them, one after the other. */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const { from, seeds, bug = noBug, sizes = {}, stopsAtFirst = false, onSeed } = options;
  const total = { seeds: 0, events: 0, runs: 0, steps: 0, virtualMs: 0 };
  const broken: Story[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const story = await tellStory({ seed, bug, sizes });
    total.seeds += 1;
    total.events += story.events;
    total.runs += story.runs;
    total.steps += story.steps;
    total.virtualMs += story.virtualMs;
    if (story.violation !== undefined) broken.push(story);
    onSeed?.(total.seeds, broken.length);
    if (broken.length > 0 && stopsAtFirst) break;
  }
  return { ...total, broken };
}

/** Looks for the first seed that finds a bug; undefined when none does. */
export async function hunt(bug: Bug, seedsMax: number, from = 1): Promise<Story | undefined> {
  const sizes = { isCluster: bug.isOfClusters ?? false };
  const { broken } = await sweep({ from, seeds: seedsMax, bug, sizes, stopsAtFirst: true });
  return broken[0];
}
