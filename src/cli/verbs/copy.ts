/** `copy`: copies a board between directories and clusters, as it is. */
import type { Command } from 'commander';
import { counted } from '../../wire/counted.ts';
import { boardPlace } from '../board-place.ts';
import { withProgress } from '../progress.ts';
import { plainLine } from '../sanitize.ts';
import type { BoardCopied, CopyPlace } from '../upkeep.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly from: string;
  readonly to: string;
}

/** Copies. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard copy --from .logboard --to esdb://node-1:2113?board=ops', 'to a cluster'],
    ['logboard copy --from esdb://node-1:2113?board=ops --to ./ops', 'and back'],
    ['logboard copy --from ./ops --to ./elsewhere', 'again: only what has happened since'],
  ],
};

function configure(command: Command): void {
  command
    .requiredOption('--from <dir|url>', 'the board: its directory, or esdb://…?board=<name>')
    .requiredOption('--to <dir|url>', 'where to: nothing, or what an earlier copy left there');
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const [from, to] = [placeOf(context, options.from), placeOf(context, options.to)];
  const upkeep = await context.root.upkeep();
  const copied = await withProgress(context, (tell) => upkeep.copy(from, to, tell));
  const { wasAt, sourceAt, ...facts } = copied;
  const [added, behind] = [copied.position - wasAt, Math.max(0, sourceAt - copied.position)];
  const did = context.style.paint('good', '✓ copied');
  return {
    json: () => ({ ...facts, copied: added, behind }),
    text: () => [`${did}  ${said(copied, added)}`, ...sides(copied)].join('\n'),
    notes: [behind === 0 ? onlyOneNote : behindNote(behind)],
  };
}

/** Both have one epoch: whoever wrote to one could write to the other, and they would part. */
const onlyOneNote = 'both places hold the same board now: let only one of them go on';

const cluster = /^esdb(?:\+discover)?:/;

function placeOf({ io, root }: Context, given: string): CopyPlace {
  if (cluster.test(given)) return { url: given };
  return { directory: boardPlace(given, { ...io, home: root.home }).directory };
}

function said({ position, wasAt }: BoardCopied, added: number): string {
  const all = `${counted(position, 'position')}, the same hash on both sides`;
  return wasAt === 0 ? all : `${all}; ${added} of them now, the others before`;
}

function sides({ from, to, hash }: BoardCopied): readonly string[] {
  return [`  from  ${plainLine(from)}`, `  to    ${plainLine(to)}`, `  hash  ${hash}`];
}

function behindNote(behind: number): string {
  const grown = `the board has grown by ${counted(behind, 'event')} meanwhile`;
  return `${grown}: stop its dispatchers, then copy again for the rest`;
}
