/** `comment`: says something about a task, to people and to its next worker. */
import type { Command } from 'commander';
import { commentBodySchema } from '../../domain/note/events.ts';
import { commentJson } from '../../wire/comment-json.ts';
import { ownRun } from '../caller.ts';
import { splitIds } from '../ids.ts';
import { refuseInvalid } from '../invalid-input.ts';
import { plainLine } from '../sanitize.ts';
import { readBody } from '../task-options.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly bodyFile?: string;
  readonly author?: string;
}

/** Comments on a task. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard comment T-0A1B2C3D4E the figures of March are wrong', 'from a person'],
    ['git log -1 | logboard comment T-0A1B2C3D4E --body-file -', 'from standard input'],
    ['logboard comment found 3 more pages', 'inside a worker, on its own task'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[task-and-text...]', 'the task (default: that of this worker), then the text')
    .option('--body-file <file>', 'read the text from a file; - is standard input')
    .option('--author <name>', 'whom to name as its author; who sent it is recorded all the same');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  const own = ownRun(context.io.environment);
  const [taskId = own?.taskId, ...others] = taskIds;
  if (taskId === undefined || others.length > 0) {
    throw new UsageError('A comment is about one task.', 'Name its id first, then the text.');
  }
  const body = await bodyOf(words, options, context);
  const invalid = refuseInvalid(commentBodySchema, body, 'the comment');
  if (invalid !== undefined) return invalid;
  const on = await context.onBoard('write');
  const stamp = own === undefined ? {} : { runId: own.runId };
  const author = options.author === undefined ? {} : { author: options.author };
  const answer = await on.commands().comment(taskId, { body, ...author, ...stamp });
  if (answer.refused) return answer;
  const written = (await on.board.read()).commentAt(answer.position);
  if (written === undefined) throw new Error(`the tables lost the comment at ${answer.position}`);
  return {
    json: () => ({ ...commentJson(written), changed: true }),
    text: () => `${taskId}  “${plainLine(body)}”`,
  };
}

async function bodyOf(
  words: string | undefined,
  { bodyFile }: Options,
  { io }: Context,
): Promise<string> {
  if (bodyFile === undefined) return words ?? '';
  if (words === undefined) return (await readBody(bodyFile, io)).trimEnd();
  throw new UsageError('The text is given twice.', 'Leave out the words or --body-file.');
}
