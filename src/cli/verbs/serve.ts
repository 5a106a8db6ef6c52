/** `serve`: runs the dispatcher of a board in the foreground, until a signal. */
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import type { JsonObject } from '../../domain/limits.ts';
import { keepingDamage } from '../damaged-log.ts';
import { declareFleetOptions, type FleetOptions, policyFlags } from '../fleet-options.ts';
import { tellWarning } from '../fleet-warning.ts';
import { followTimeline } from '../follow-timeline.ts';
import { found } from '../founding.ts';
import type { Fleet } from '../root.ts';
import { plainLine } from '../sanitize.ts';
import { isWatched, tellReport } from '../tell-report.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

/** Serves the board. */
export const verb: Verb<FleetOptions> = {
  configure,
  run,
  examples: [
    ['logboard serve', 'the board of this folder; Ctrl-C stops it, workers go on'],
    ['logboard serve --max-running 8 --board release', 'another board, more workers'],
    ['logboard serve --json', 'what it does, a JSON document a line'],
  ],
};

function configure(command: Command): void {
  declareFleetOptions(command);
}

/** A log that is damaged is not served. */
function run(context: Context, input: Input<FleetOptions>): Promise<Result> {
  return keepingDamage(context, () => serve(context, input));
}

async function serve(context: Context, { options }: Input<FleetOptions>): Promise<Result> {
  const config = await context.config(policyFlags(options));
  const fleet = await context.root.fleet();
  tellWarning(context, fleet);
  const on = await context.onBoard('create', config);
  try {
    return await serveBoard(on, { config, fleet });
  } finally {
    await on.board.close();
  }
}

async function serveBoard(
  on: BoardContext,
  { config, fleet }: { config: Config; fleet: Fleet },
): Promise<Result> {
  const founded = await found(on);
  if (founded.refused) return founded;
  const stopped = on.io.untilStopped();
  greet(on, config);
  const watching = isWatched(on) ? followTimeline(on, { after: await headOf(on) }) : undefined;
  await fleet.serve(place(on, config), stopped);
  await watching;
  return {};
}

function place(on: BoardContext, config: Config) {
  const { board, place: where } = on;
  const report = (what: string, facts: JsonObject) => tellReport(on, what, facts);
  return { board, directory: where.directory, config, report };
}

async function headOf({ board }: BoardContext): Promise<number> {
  return (await board.log.head()).position;
}

function greet(on: BoardContext, config: Config): void {
  if (on.isJson) return;
  const { io, talk, place: where } = on;
  const names = Object.keys(config.workers).sort();
  const lines = [
    `${talk.paint('strong', 'logboard')} serves ${where.directory}`,
    names.length === 0
      ? 'workers   none are defined: nothing is started, open runs are watched over'
      : `workers   ${names.map(plainLine).join(', ')} (from ${config.file})`,
    `cap       ${config.policy.maxRunning} at once on this host`,
    'HTTP      comes with a later release; use the command line meanwhile',
    talk.paint('dim', 'Ctrl-C stops it; workers go on and are taken over by the next one'),
  ];
  io.stderr.write(`${lines.join('\n')}\n`);
}
