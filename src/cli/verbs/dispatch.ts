/** `dispatch`: one pass of the dispatcher: look, plan, act. */
import { type Command, Option } from 'commander';
import { declareFleetOptions, type FleetOptions, policyFlags } from '../fleet-options.ts';
import { tellWarning } from '../fleet-warning.ts';
import { withSpinner } from '../progress.ts';
import type { DispatchPlan } from '../root.ts';
import { plainLine } from '../sanitize.ts';
import { shortDuration } from '../time.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options extends FleetOptions {
  readonly dryRun?: true;
}

/** Dispatches once. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard dispatch --dry-run', 'what would be done, and what is waited for'],
    ['logboard dispatch', 'do it once; workers that are started go on by themselves'],
  ],
};

function configure(command: Command): void {
  declareFleetOptions(command)
    .option('--dry-run', 'only show the plan')
    .addOption(new Option('--once', 'one pass, which is what this verb does anyway').hideHelp());
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const { dryRun = false } = options;
  const config = await context.config(policyFlags(options));
  const fleet = await context.root.fleet();
  tellWarning(context, fleet);
  const on = await context.onBoard('write', config);
  const report = () => {};
  const place = { board: on.board, directory: on.place.directory, config: () => config, report };
  const plan = await withSpinner(context, 'one pass of the dispatcher', () =>
    dryRun ? fleet.plan(place) : fleet.once(place),
  );
  return {
    json: () => ({ dryRun, ...plan }),
    text: () => planText(plan, dryRun),
  };
}

function planText({ actions, waits }: DispatchPlan, dryRun: boolean): string {
  if (actions.length === 0 && waits.length === 0) return 'nothing to do';
  const did = dryRun ? 'would' : 'did';
  const lines = [
    ...actions.map(({ do: what, taskId, runId, assignee }) =>
      [did, what.replaceAll('_', ' '), runId ?? taskId, assignee && `for ${assignee}`]
        .filter((word) => word !== undefined)
        .join(' '),
    ),
    ...waits.map(({ subject, until, forMs }) =>
      ['wait', subject, `until ${until},`, `look again in ${shortDuration(forMs)}`]
        .filter((word) => word !== '')
        .join(' '),
    ),
  ];
  return lines.map(plainLine).join('\n');
}
