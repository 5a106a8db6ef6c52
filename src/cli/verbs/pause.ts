/** `pause`: dispatchers start nothing more on this board; what runs goes on. */
import type { Command } from 'commander';
import { changeBoard } from '../change-board.ts';
import type { ReasonOptions } from '../ids.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Pauses the board. */
export const verb: Verb<ReasonOptions> = {
  configure,
  run,
  examples: [['logboard pause --reason "release in progress"', 'until `logboard resume`']],
};

function configure(command: Command): void {
  command.option('--reason <text>', 'why, for the timeline');
}

function run(context: Context, { options }: Input<ReasonOptions>): Promise<Result> {
  return changeBoard(context, { type: 'PauseBoard', reason: options.reason });
}
