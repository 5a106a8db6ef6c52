/** `promote`: starts a task's turn now: out of triage, past its hold, by force past its parents. */
import type { Command } from 'commander';
import { openParents } from '../../domain/readiness.ts';
import { decideTask } from '../../domain/task/decide.ts';
import type { Standing } from '../../domain/task/state.ts';
import { type Act, actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly force?: true;
  readonly dryRun?: true;
}

/** Promotes tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard promote T-0A1B2C3D4E', 'do not wait for its time any longer'],
    ['logboard promote T-0A1B2C3D4E --force the parent is not needed', 'nor for its parents'],
    ['logboard promote T-0A1B2C3D4E --dry-run', 'only say whether it would be allowed'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks, then why')
    .option('--force', 'even though parents are open')
    .option('--dry-run', 'change nothing; “changed” says whether it would')
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { force: forced = false, dryRun = false } = options;
  const { taskIds, words } = splitIds(args);
  const reason = reasonOf(options, words);
  const on = await context.onBoard('write');
  if (dryRun) return actOnEach(on, taskIds, decideOnly(on, forced));
  return actOnEach(on, taskIds, (id) => on.commands().promote(id, { forced, reason }));
}

/** The same decision on the tables instead of the streams, and nothing is appended. */
function decideOnly(on: BoardContext, forced: boolean): Act {
  return async (id) => {
    const queries = await on.board.read();
    const nowMs = on.board.nowMs();
    const task = queries.task(id, nowMs);
    const standings = new Map<string, Standing>(
      queries.parents(id, nowMs).map((parent) => [parent.taskId, parent.standing]),
    );
    const open = task === undefined ? [] : openParents(task, (parent) => standings.get(parent));
    const decision = decideTask(task, { type: 'PromoteTask', forced, openParents: open });
    return decision.refused ? decision : { refused: false, changed: decision.events.length > 0 };
  };
}
