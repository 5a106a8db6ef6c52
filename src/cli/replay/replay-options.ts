/** What can be asked of a replay on the command line. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Pace, speedMax, speedMin } from '../../domain/pace.ts';
import { type TurningPoint, turningPoints } from '../../domain/turning-point.ts';
import { didYouMean } from '../../nearest.ts';
import { taskIdOf } from '../ids.ts';
import { collectList, durationMs, wholeNumber } from '../parsers.ts';
import { type PastMoment, pastMoment } from '../past-moment.ts';
import { UsageError } from '../usage-error.ts';

/** As commander reads them. */
export interface ReplayOptions {
  readonly from?: PastMoment;
  readonly to?: PastMoment;
  readonly speed?: number;
  readonly skipIdle?: number | true;
  readonly until?: readonly string[];
  readonly task?: readonly string[];
}

/** On a terminal, unless somebody says so; elsewhere nobody waits. */
const speedDefault = 10;

/** Longer waits are cut to this, with `--skip-idle` alone, ms. */
const idleMaxDefaultMs = 2_000;

/** Declares the options. */
export function declareReplayOptions(command: Command): void {
  const kinds = turningPoints.join(', ');
  command
    .option(
      '--from <moment>',
      'begin here: a position, a time, -2h; default: the first',
      pastMoment,
    )
    .option('--to <moment>', 'end here; default: the latest event', pastMoment)
    .option('--speed <n>', `${speedMin} to ${speedMax} times as fast; on a terminal 10`, speed)
    .option('--skip-idle [max]', 'cut every wait to this much; 2s when left out', durationMs)
    .option('--until <kinds>', `stop at the first ${kinds}`, collectList)
    .option('--task <ids>', 'only what concerns these tasks', collectList);
}

/** How fast to go. Where nobody watches and no speed is named, as fast as it goes. */
export function paceOf({ speed: wanted, skipIdle }: ReplayOptions, isWatched: boolean): Pace {
  const idleMaxMs = skipIdle === true ? idleMaxDefaultMs : (skipIdle ?? Number.POSITIVE_INFINITY);
  const hurries = !isWatched && wanted === undefined && skipIdle === undefined;
  return { speed: wanted ?? speedDefault, idleMaxMs: hurries ? 0 : idleMaxMs };
}

/** Where to stop. Throws `UsageError` for anything nobody can stop at. */
export function untilOf({ until = [] }: ReplayOptions): readonly TurningPoint[] {
  return until.map((word) => {
    const kind = turningPoints.find((known) => known === word.toLowerCase());
    if (kind !== undefined) return kind;
    throw new UsageError(`A replay cannot stop at “${word}”.`, didYouMean(word, turningPoints));
  });
}

/** Which tasks; undefined for all. Throws `UsageError` for what is no id. */
export function tasksOf({ task }: ReplayOptions): readonly string[] | undefined {
  return task?.map(taskIdOf);
}

function speed(text: string): number {
  const value = wholeNumber(text);
  if (value >= speedMin && value <= speedMax) return value;
  throw new InvalidArgumentError(`Must be ${speedMin} to ${speedMax}.`);
}
