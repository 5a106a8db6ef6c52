/** `backup`: copies the log while it is in use. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { counted } from '../counted.ts';
import { withProgress } from '../progress.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Backs the board up. */
export const verb: Verb = {
  configure,
  run,
  examples: [
    ['logboard backup ~/board-monday.db', 'one file; nothing stops meanwhile'],
    ['logboard restore ~/board-monday.db --board ./recovered', 'the way back'],
  ],
};

function configure(command: Command): void {
  command.argument('<file>', 'where to; it must not exist');
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const { directory } = context.existingPlace();
  const file = resolve(context.io.directory, args[0] ?? '');
  const upkeep = await context.root.upkeep();
  const copy = await withProgress(context, (tell) =>
    upkeep.backup(directory, file, (progress) => tell('copying', progress)),
  );
  const { position, bytes } = copy;
  const did = context.style.paint('good', '✓ copied');
  return {
    json: () => ({ file, ...copy }),
    text: () => `${did}  ${counted(position, 'event')} to ${file} (${counted(bytes, 'byte')})`,
  };
}
