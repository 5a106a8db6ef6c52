/** `reassign`: gives tasks to somebody else, taking them from their runs if told to. */
import type { Command } from 'commander';
import { type Act, actOnEach } from '../each.ts';
import type { ReasonOptions } from '../ids.ts';
import { idsAndAssignee } from '../task-options.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly reclaim?: true;
}

/** Reassigns tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard reassign T-0A1B2C3D4E review --reclaim', 'end its run and give it to review'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks, and last the assignee, or none')
    .option('--reclaim', 'take a running task from its run first')
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { taskIds, assignee } = idsAndAssignee(args);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, reassignTo(assignee, options, on));
}

/** The end of the run and the new assignee are one append. */
function reassignTo(assignee: string | null, options: Options, on: BoardContext): Act {
  const { reclaim, reason } = options;
  const commands = on.commands();
  return async (id) => {
    const answer = await commands.assign(id, assignee, reason);
    if (!answer.refused || answer.code !== 'already_claimed' || !reclaim) return answer;
    return commands.reclaim(id, reason ?? `reassigned to ${assignee ?? 'nobody'}`, { assignee });
  };
}
