/** Everything that is done to clocks and dispatchers, by its name. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createChance } from '../trial/chance.ts';
import { block, stepClocks, suspend } from './disturbances.ts';
import { createSteppedClock } from './faketime.ts';
import { type Outcome, play } from './stage.ts';

/** How a play is given. */
export interface Staging {
  /** An empty directory. */
  readonly directory: string;
  /** The Node program `dispatcher-process`. */
  readonly program: string;
  readonly rounds: number;
  readonly seed: number;
}

/** Wall clocks are set by an hour and a day, both ways, each dispatcher's own. */
export function playSteps(staging: Staging, faketime: string): Promise<Outcome> {
  const { directory, program, rounds, seed } = staging;
  mkdirSync(directory, { recursive: true });
  const one = createSteppedClock(faketime, join(directory, 'clock-1'));
  const other = createSteppedClock(faketime, join(directory, 'clock-2'));
  const environments = [one.environment, other.environment] as const;
  const chance = createChance(seed);
  return play({ directory, program, environments }, stepClocks([one, other], { rounds, chance }));
}

/** Dispatchers are stopped for several leases. */
export function playSuspension({ rounds, ...staging }: Staging): Promise<Outcome> {
  mkdirSync(staging.directory, { recursive: true });
  return play({ ...staging, environments: [{}, {}] }, suspend(rounds));
}

/** Their event loops are blocked for several leases. */
export function playBlock({ rounds, ...staging }: Staging): Promise<Outcome> {
  mkdirSync(staging.directory, { recursive: true });
  return play({ ...staging, environments: [{}, {}] }, block(rounds));
}
