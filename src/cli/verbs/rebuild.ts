/** `rebuild`: makes the tables anew from the log, beside those in use, and swaps them. */
import type { Command } from 'commander';
import { counted } from '../counted.ts';
import { withProgress } from '../progress.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Rebuilds the tables. */
export const verb: Verb = {
  configure,
  run,
  examples: [
    ['logboard rebuild', 'readers go on with the old tables until the new ones are complete'],
  ],
};

function configure(_command: Command): void {}

async function run(context: Context, _input: Input<unknown>): Promise<Result> {
  const { directory } = context.existingPlace();
  const upkeep = await context.root.upkeep();
  const startedAtMs = context.io.nowMs();
  const position = await withProgress(context, (tell) =>
    upkeep.rebuild(directory, (progress) => tell('rebuilding', progress)),
  );
  const tookMs = context.io.nowMs() - startedAtMs;
  const did = context.style.paint('good', '✓ rebuilt');
  return {
    json: () => ({ position, tookMs }),
    text: () => `${did}  ${counted(position, 'event')} in ${tookMs} ms`,
  };
}
