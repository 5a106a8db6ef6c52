/** `backup`: copies the log while it is in use. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { counted } from '../../wire/counted.ts';
import { withProgress } from '../progress.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly keys?: string;
}

/** Backs the board up. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard backup ~/board-monday.db', 'one file; nothing stops meanwhile'],
    [
      'logboard backup ~/board-monday.db --keys ~/private/keys-monday.db',
      'the keys of encrypted tasks, too; keep them elsewhere',
    ],
    ['logboard restore ~/board-monday.db --board ./recovered', 'the way back'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<file>', 'where to; it must not exist')
    .option('--keys <file>', 'where to copy the keys of encrypted tasks to; it must not exist');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { directory } = context.existingPlace();
  const file = resolve(context.io.directory, args[0] ?? '');
  const upkeep = await context.root.upkeep();
  const copy = await withProgress(context, (tell) =>
    upkeep.backup(directory, file, (progress) => tell('copying', progress)),
  );
  const keysFile = await backupKeys(context, options, copy.keys);
  const { position, bytes } = copy;
  const did = context.style.paint('good', '✓ copied');
  return {
    json: () => ({ file, ...copy, keysFile }),
    text: () => `${did}  ${counted(position, 'event')} to ${file} (${counted(bytes, 'byte')})`,
    notes: [keysNote(copy.keys, keysFile)].filter((note) => note !== ''),
  };
}

/** Answers where the keys were copied to; null when they were not. */
async function backupKeys(context: Context, { keys }: Options, held: number) {
  if (keys === undefined || held === 0) return null;
  const upkeep = await context.root.upkeep();
  const file = resolve(context.io.directory, keys);
  await upkeep.backupKeys(context.place.directory, file);
  return file;
}

function keysNote(held: number, file: string | null): string {
  if (held === 0) return '';
  const tasks = `the text of ${counted(held, 'encrypted task')}`;
  return file === null
    ? `${tasks} cannot be read in it: their keys stay here; copy them with --keys`
    : `${tasks} can be read with ${file}, even after it is forgotten here: guard it`;
}
