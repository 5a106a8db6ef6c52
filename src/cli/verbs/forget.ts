/** `forget`: destroys the keys of tasks, and with them their text. */
import type { Command } from 'commander';
import { counted } from '../../wire/counted.ts';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import { withSpinner } from '../progress.ts';
import { plainLine } from '../sanitize.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly keepArtifacts?: true;
  readonly yes?: true;
}

/** Forgets tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard forget T-0A1B2C3D4E', 'asks first; the task stays as a tombstone without words'],
    ['logboard forget T-0A1B2C3D4E --reason "asked for" --yes', 'the reason stays readable'],
    ['logboard forget T-0A1B2C3D4E --yes', 'again, when the first time was interrupted'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks, then why')
    .option('--reason <text>', 'why; it stays readable, so name nobody')
    .option('--keep-artifacts', 'leave the files its runs handed over')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      [
        '',
        'Works on tasks that were created while `privacy.encrypt` was on. Goes: the text',
        'of every event; output, context and scratch workspaces of its runs; artifacts',
        'no other task has. Stays: ids, times, names of who acted; git worktrees and',
        'folders of your own; whatever was copied out of the board. See docs/privacy.md.',
      ].join('\n'),
    );
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  const { yes = false, keepArtifacts = false } = options;
  const reason = reasonOf(options, words);
  const on = await context.onBoard('write');
  if (!yes) await confirm(on, taskIds);
  const upkeep = await on.root.upkeep();
  const commands = on.commands();
  const outcomes = await withSpinner(on, 'forgetting', () =>
    upkeep.forget(on.place.directory, on.board, {
      taskIds,
      keepArtifacts,
      tombstone: (taskId) => commands.markForgotten(taskId, reason),
      onStage: () => {},
    }),
  );
  const answers = new Map(outcomes.map(({ taskId, answer }) => [taskId, answer]));
  const answer = await actOnEach(on, taskIds, async (taskId) => answers.get(taskId)!);
  if (answer.refused) return answer;
  const isDone = outcomes.some((each) => !each.answer.refused && each.answer.changed);
  return { ...answer, notes: isDone ? [on.talk.paint('dim', advice)] : [] };
}

const advice = 'copies of keys.db made before still open it: replace them';

/** Throws `UsageError` unless somebody says yes. */
async function confirm({ io, board, isJson }: BoardContext, taskIds: readonly string[]) {
  const ask = isJson ? undefined : io.ask;
  const hint = 'It cannot be undone. Say --yes if you mean it.';
  if (ask === undefined) throw new UsageError('Forgetting wants a word of consent.', hint);
  const queries = await board.read();
  const titles = taskIds.map((taskId) => {
    const title = queries.task(taskId, board.nowMs())?.title ?? '';
    return `${taskId}  ${plainLine(title)}\n`;
  });
  const these = `Forget ${counted(taskIds.length, 'task')} for good?`;
  const answer = await ask(`${titles.join('')}${these} It cannot be undone. [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new UsageError('Nothing was forgotten.', hint);
}
