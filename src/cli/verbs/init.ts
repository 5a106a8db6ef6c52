/** `init`: makes a board. */
import type { Command } from 'commander';
import { boardJson } from '../../wire/board-json.ts';
import { boardFlag } from '../board-place.ts';
import { found } from '../founding.ts';
import { plainLine } from '../sanitize.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly name?: string;
}

/** Creates the board. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard init', 'a board for this folder, in ./.logboard'],
    ['logboard init --board release', 'a board that can be used from everywhere'],
  ],
};

function configure(command: Command): void {
  command.option('--name <name>', 'what to call it; default: its folder');
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const on = await context.onBoard('create');
  const answer = await found(on, options.name);
  if (answer.refused) return answer;
  const { changed, position } = answer;
  const queries = await on.board.read();
  const board = boardJson(on.place, queries);
  const { style, talk } = on;
  const did = changed ? style.paint('good', '✓ created') : '· there already:';
  return {
    json: () => ({ ...board, created: changed, changed, position }),
    text: () => `${did} board ${plainLine(board.name ?? '')} in ${board.directory}`,
    notes: changed ? nextSteps(on).map((step) => talk.paint('dim', step)) : [],
  };
}

/** They are for this board, also for whoever types them as they stand. */
function nextSteps({ place, io }: Context): readonly string[] {
  const logboard = `logboard${boardFlag(place, io.environment)}`;
  return [
    `next:  ${logboard} create "the first task" --assignee hello`,
    '       define the worker called hello in ./logboard.yaml:',
    '         workers: { hello: { run: [echo, hello], onExit: { 0: complete } } }',
    `       ${logboard} serve`,
  ];
}
