/** `resume`: dispatchers start work on this board again. */
import type { Command } from 'commander';
import { changeBoard } from '../change-board.ts';
import type { ReasonOptions } from '../ids.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Resumes the board. */
export const verb: Verb<ReasonOptions> = {
  configure,
  run,
  examples: [['logboard resume', 'after `logboard pause`']],
};

function configure(command: Command): void {
  command.option('--reason <text>', 'why, for the timeline');
}

function run(context: Context, { options }: Input<ReasonOptions>): Promise<Result> {
  return changeBoard(context, { type: 'ResumeBoard', reason: options.reason });
}
