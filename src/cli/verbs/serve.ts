/** `serve`: the dispatcher and the HTTP door of a board in the foreground, until a signal. */
import { type Command, Option } from 'commander';
import type { Config } from '../../config.ts';
import { keepingDamage } from '../damaged-log.ts';
import { type DoorOptions, declareDoorOptions, doorWanted } from '../door-options.ts';
import { declareFleetOptions, type FleetOptions, policyFlags } from '../fleet-options.ts';
import { tellWarning } from '../fleet-warning.ts';
import { followTimeline } from '../follow-timeline.ts';
import { foundAndTell } from '../founding.ts';
import { greet } from '../greeting.ts';
import type { DoorPlace, Fleet } from '../root.ts';
import { isWatched, tellReport } from '../tell-report.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options extends FleetOptions, DoorOptions {
  /** False with `--no-dispatch`. */
  readonly dispatch: boolean;
}

/** Serves the board. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard serve', 'the board of this folder; Ctrl-C stops it, workers go on'],
    ['logboard serve --max-running 8 --board release', 'another board, more workers'],
    ['logboard serve --no-dispatch --port 0', 'only the page and the API, on any free port'],
    ['logboard serve --json', 'what it does, a JSON document a line'],
  ],
};

function configure(command: Command): void {
  declareDoorOptions(declareFleetOptions(command)).addOption(
    new Option('--no-dispatch', 'only HTTP: nothing is started').conflicts(['http']),
  );
}

/** A log that is damaged is not served. */
function run(context: Context, input: Input<Options>): Promise<Result> {
  return keepingDamage(context, () => serve(context, input));
}

async function serve(context: Context, { options }: Input<Options>): Promise<Result> {
  const config = await context.config(policyFlags(options));
  const fleet = options.dispatch ? await context.root.fleet() : undefined;
  if (fleet !== undefined) tellWarning(context, fleet);
  const on = await context.onBoard('create', config);
  try {
    return await serveBoard(on, { config, fleet, options });
  } finally {
    await on.board.close();
  }
}

interface Served {
  readonly config: Config;
  /** Undefined with `--no-dispatch`. */
  readonly fleet: Fleet | undefined;
  readonly options: Options;
}

async function serveBoard(on: BoardContext, { config, fleet, options }: Served): Promise<Result> {
  const founded = await foundAndTell(on);
  if (founded.refused) return founded;
  const stopped = on.io.untilStopped();
  const where = doorWanted(options, on.io.directory);
  const place = placeOf(on, config);
  const door = where && (await on.root.openDoor(place, where));
  try {
    greet(on, { config: fleet && config, door });
    const watching = isWatched(on) ? followTimeline(on, { after: await headOf(on) }) : undefined;
    const url = where && 'host' in where ? door?.address : undefined;
    const served = { ...place, url, onStart: (nudge: () => void) => door?.attach(nudge) };
    await (fleet === undefined ? aborted(stopped) : fleet.serve(served, stopped));
    await watching;
  } finally {
    await door?.close();
  }
  return {};
}

function placeOf(on: BoardContext, config: Config): DoorPlace {
  const { board, place } = on;
  const report: DoorPlace['report'] = (what, facts) => tellReport(on, what, facts);
  const served = { board, ...place, config, report, operatorName: on.caller().actor.id };
  return { ...served, plan: async () => (await on.root.fleet()).plan(served) };
}

async function headOf({ board }: BoardContext): Promise<number> {
  return (await board.log.head()).position;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}
