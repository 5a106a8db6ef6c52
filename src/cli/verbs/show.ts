/** `show`: everything about a task on one page. */
import type { Command } from 'commander';
import { noSuchTask } from '../../app/plans.ts';
import { readTaskPage } from '../../wire/task-page.ts';
import { taskPageJson } from '../../wire/task-page-json.ts';
import { taskOrOwn } from '../own-task.ts';
import { taskPageText } from '../task-page-text.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Shows a task. */
export const verb: Verb = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard show T-0A1B2C3D4E', 'state, hand-off, runs, comments, what happened last'],
    ['logboard show T-0A1B2C3D4E --at -2h', 'what was known of it two hours ago'],
    ['logboard show T-0A1B2C3D4E --json | jq .runs', 'its attempts'],
  ],
};

function configure(command: Command): void {
  command.argument('[task]', 'default: the task of this worker');
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const taskId = taskOrOwn(context, args[0]);
  const config = await context.config();
  const on = await context.onBoard('read');
  const policy = on.board.past === undefined ? config.policy : on.board.policy();
  const nowMs = on.board.nowMs();
  const { probeDispatcher } = on.board;
  const page = readTaskPage(await on.board.read(), taskId, { nowMs, policy, probeDispatcher });
  if (page === undefined) return noSuchTask(taskId);
  return { json: () => taskPageJson(page), text: () => taskPageText(page, on.style) };
}
