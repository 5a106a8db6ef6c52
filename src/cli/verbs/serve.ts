/** `serve`: the dispatcher and the HTTP door of a board in the foreground, until a signal. */
import { type Command, Option } from 'commander';
import { keepingDamage } from '../damaged-log.ts';
import { type DoorOptions, declareDoorOptions, doorWanted } from '../door-options.ts';
import { declareFleetOptions, type FleetOptions, policyFlags } from '../fleet-options.ts';
import { tellWarning } from '../fleet-warning.ts';
import { followTimeline } from '../follow-timeline.ts';
import { foundAndTell } from '../founding.ts';
import { greet } from '../greeting.ts';
import type { DoorPlace, Fleet, LiveConfig, StartedDispatcher } from '../root.ts';
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
  command.addHelpText('after', afterHelp);
}

const afterHelp = [
  '',
  'An edited logboard.yaml takes effect at once, for runs claimed from then on.',
  'What needs a restart says so; a file that cannot be used changes nothing.',
].join('\n');

/** A log that is damaged is not served. */
function run(context: Context, input: Input<Options>): Promise<Result> {
  return keepingDamage(context, () => serve(context, input));
}

async function serve(context: Context, { options }: Input<Options>): Promise<Result> {
  const flags = policyFlags(options);
  const config = await context.config(flags);
  const live = await context.root.liveConfig(config, flags);
  const fleet = options.dispatch ? await context.root.fleet() : undefined;
  if (fleet !== undefined) tellWarning(context, fleet);
  const on = await context.onBoard('create', { ...config, policy: () => live.now().policy });
  try {
    return await serveBoard(on, { live, fleet, options });
  } finally {
    await on.board.close();
  }
}

interface Served {
  readonly live: LiveConfig;
  /** Undefined with `--no-dispatch`. */
  readonly fleet: Fleet | undefined;
  readonly options: Options;
}

async function serveBoard(on: BoardContext, { live, fleet, options }: Served): Promise<Result> {
  const founded = await foundAndTell(on);
  if (founded.refused) return founded;
  const stopped = on.io.untilStopped();
  const where = doorWanted(options, on.io.directory);
  const over = new AbortController();
  let following: Promise<void> | undefined;
  const place = placeOf(on, live);
  const door = where && (await on.root.openDoor(place, where));
  try {
    greet(on, { config: fleet && live.now(), door });
    const watching = isWatched(on) ? followTimeline(on, { after: await headOf(on) }) : undefined;
    const url = where && 'host' in where ? door?.address : undefined;
    const onStart = (dispatcher: StartedDispatcher) => {
      if (dispatcher !== nobody) door?.attach(dispatcher.nudge);
      following = followConfig(dispatcher, { live, place, signal: over.signal });
    };
    if (fleet === undefined) onStart(nobody);
    const served = { ...place, url, onStart };
    await (fleet === undefined ? aborted(stopped) : fleet.serve(served, stopped));
    await watching;
  } finally {
    over.abort();
    await following;
    await door?.close();
  }
  return {};
}

/** Where nothing is dispatched, nobody acts by the rules that the log would be told of. */
const nobody: StartedDispatcher = { nudge: () => {}, announce: async () => {} };

function followConfig(
  { announce, nudge }: StartedDispatcher,
  to: { readonly live: LiveConfig; readonly place: DoorPlace; readonly signal: AbortSignal },
): Promise<void> {
  const around = { announce, changed: nudge, report: to.place.report };
  return to.live.follow(around, to.signal);
}

function placeOf(on: BoardContext, { now: config }: LiveConfig): DoorPlace {
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
