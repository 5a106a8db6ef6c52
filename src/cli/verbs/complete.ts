/** `complete`: the work is done; the hand-off goes to whoever comes next. */
import type { Command } from 'commander';
import type { JsonObject } from '../../domain/limits.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { said } from '../../domain/said.ts';
import { actOnEach } from '../each.ts';
import { splitIds } from '../ids.ts';
import { keepArtifacts } from '../keep-artifacts.ts';
import { collectList, jsonObject } from '../parsers.ts';
import { showRun } from '../run-answer.ts';
import { type Target, targetOf } from '../run-target.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly run?: string;
  readonly summary?: string;
  readonly result?: string;
  readonly metadata?: JsonObject;
  readonly artifact?: readonly string[];
  readonly review?: true;
}

/** Completes a run, or tasks as an operator. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard complete --summary "30 pages"', 'inside a worker'],
    ['logboard complete --run R-0A1B2C3D4E5F --review', 'a person looks at it first'],
    ['logboard complete T-0A1B2C3D4E T-5F6G7H8J9K', 'as an operator, without a worker'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[ids...]', 'tasks, or the run; default: the run of this worker')
    .option('--run <id>', 'the run that completes')
    .option('--summary <text>', 'what was done, for people and for the next worker')
    .option('--result <text>', 'what came out, if it is short')
    .option('--metadata <json>', 'facts for programs: a JSON object', jsonObject)
    .option(
      '--artifact <path>',
      'file in the workspace to keep; repeat or separate by ,',
      collectList,
    )
    .option('--review', 'ask a person to look before it counts as done');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { words, ...ids } = splitIds(args);
  if (words !== undefined) throw new UsageError(`“${words}” is no id.`, 'Say it with --summary.');
  const target = targetOf(context, ids, options.run);
  const refused = refuseForMany(target, options);
  if (refused !== undefined) return refused;
  const on = await context.onBoard('report');
  const { summary, result, metadata, artifact } = options;
  const artifacts = artifact === undefined ? undefined : await keepArtifacts(on, artifact);
  const handOff = said({ summary, result, metadata, artifacts });
  if (target.runId === undefined) {
    return actOnEach(on, target.taskIds, (id) => on.commands().complete(id, handOff));
  }
  const how = { review: options.review ?? false, ...target.proof };
  const answer = await on.commands().completeRun(target.runId, handOff, how);
  return answer.refused ? answer : showRun(on, answer);
}

/** One summary for many tasks says nothing about any of them. */
function refuseForMany(target: Target, options: Options): Refusal | undefined {
  if (target.runId !== undefined) return undefined;
  if (options.review) {
    throw new UsageError(
      'Only a run can ask for a review.',
      'Leave --review out, or name the run.',
    );
  }
  const { summary, result, metadata, artifact } = options;
  const hasHandOff = [summary, result, metadata, artifact].some((part) => part !== undefined);
  if (target.taskIds.length < 2 || !hasHandOff) return undefined;
  return refuse('bulk_summary', 'One hand-off cannot stand for several tasks.', {
    hint: 'Complete them one by one, or all of them without a hand-off.',
    facts: { taskIds: [...target.taskIds] },
  });
}
