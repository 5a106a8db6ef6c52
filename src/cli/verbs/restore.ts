/** `restore`: makes a new board from a backup. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { withProgress } from '../progress.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly keys?: string;
}

/** Restores a backup. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    [
      'logboard restore ~/board-monday.db --board ./recovered',
      'every event is verified; runs open at that time hold nothing any more',
    ],
  ],
};

function configure(command: Command): void {
  command
    .argument('<file>', 'a file that `logboard backup` made')
    .option('--keys <file>', 'the keys of encrypted tasks, from `logboard backup --keys`');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const file = resolve(context.io.directory, args[0] ?? '');
  const keys = options.keys && resolve(context.io.directory, options.keys);
  const { directory } = context.place;
  const upkeep = await context.root.upkeep();
  const epoch = await withProgress(context, (tell) =>
    upkeep.restore(file, directory, (progress) => tell('verifying', progress), keys),
  );
  const { style } = context;
  return {
    json: () => ({ file, directory, epoch }),
    text: () => `${style.paint('good', '✓ restored')}  ${file} to ${directory}, with a new epoch`,
  };
}
