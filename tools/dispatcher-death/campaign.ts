/** Many deaths, in every gap, on several boards side by side; the seed decides on the order. */
import { join } from 'node:path';
import { type Chance, createChance } from '../trial/chance.ts';
import { diaryScript } from '../trial/diary.ts';
import { openTrial, placeIn } from '../trial/trial.ts';
import { type Aftermath, killOne, tasksPerDeath } from './kill.ts';
import { type Gap, gaps } from './mortal.ts';
import type { Order } from './mortal-dispatcher.ts';

/** What to do. */
export interface Campaign {
  /** Deaths in each gap. */
  readonly kills: number;
  readonly seed: number;
  /** Boards side by side. */
  readonly lanes: number;
  /** The Node program `mortal-dispatcher`. */
  readonly program: string;
  /** An empty directory; whoever made it removes it. */
  readonly directory: string;
  onDeath?(aftermath: Aftermath): void;
}

/**
 * How long a claimed run may take to be spawned on these boards, in ms. Longer than it takes to
 * look at an adopted worker for a second time, so that one bound holds for every gap.
 */
export const launchLeaseMs = 1_500;

/** A worker's work: long enough to be met by the next dispatcher. */
const work = 'sleep 0.05';

/** Deaths on one board, at most: every one of them has the whole log read twice. */
const deathsPerBoardMax = 25;

/** Death comes this long after the end of a run was begun to be committed, at most; µs. */
const delayUsMax = 4_000;

/** Lets them die. */
export async function runCampaign(campaign: Campaign): Promise<readonly Aftermath[]> {
  const chance = createChance(campaign.seed);
  const dooms = chance.shuffled(
    Object.keys(gaps).flatMap((gap) =>
      Array.from({ length: campaign.kills }, () => doomIn(gap as Gap, chance)),
    ),
  );
  const aftermaths: Aftermath[] = [];
  const perBoard = Math.min(deathsPerBoardMax, Math.ceil(dooms.length / campaign.lanes));
  const boards: (typeof dooms)[] = [];
  while (dooms.length > 0) boards.push(dooms.splice(0, perBoard));
  const total = boards.length;
  const lane = async () => {
    for (let board = boards.pop(); board !== undefined; board = boards.pop()) {
      const directory = join(campaign.directory, String(total - boards.length));
      for await (const aftermath of dieOn(directory, board, campaign.program)) {
        aftermaths.push(aftermath);
        campaign.onDeath?.(aftermath);
      }
    }
  };
  await Promise.all(Array.from({ length: campaign.lanes }, lane));
  return aftermaths;
}

type Doomed = Pick<Order, 'gap' | 'passage' | 'delayUs'>;

function doomIn(gap: Gap, chance: Chance): Doomed {
  return { gap, passage: 1 + chance.below(tasksPerDeath), delayUs: chance.below(delayUsMax) };
}

async function* dieOn(
  directory: string,
  dooms: readonly Doomed[],
  program: string,
): AsyncGenerator<Aftermath> {
  const diary = join(directory, 'diary');
  const policy = { launchLeaseMs, drainMs: 100, killGraceMs: 500 };
  const place = placeIn(directory, [diaryScript(work), diary], { policy });
  const trial = await openTrial(place);
  try {
    for (const [serial, doom] of dooms.entries()) {
      yield await killOne({ trial, diary, program, doom, serial });
    }
  } finally {
    await trial.close();
  }
}
