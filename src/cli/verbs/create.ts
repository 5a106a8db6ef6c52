/** `create`: a new task, and with the first one the board. */
import { type Command, Option } from 'commander';
import type { NewTask } from '../../app/create-task.ts';
import { said } from '../../domain/said.ts';
import { createTaskSchema } from '../../domain/task/commands.ts';
import { showTask } from '../each.ts';
import { foundAndTell } from '../founding.ts';
import { taskIdOf } from '../ids.ts';
import { refuseInvalid } from '../invalid-input.ts';
import { momentOf } from '../moment.ts';
import { collectList, name, wholeNumber } from '../parsers.ts';
import { assigneeOf, declareTaskOptions, type TaskOptions, taskFields } from '../task-options.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options extends TaskOptions {
  readonly assignee?: string;
  readonly parent?: readonly string[];
  readonly priority?: number;
  readonly triage?: true;
  readonly idempotencyKey?: string;
  readonly createdBy?: string;
  readonly initialStatus?: 'ready' | 'blocked';
  readonly reason?: string;
  readonly at?: string;
  readonly scheduleAt?: string;
}

/** Creates a task. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'own',
  examples: [
    ['logboard create "migrate users" --assignee build', 'for the workers called build'],
    ['logboard create test --parent T-0A1B2C3D4E', 'waits for another task'],
    ['logboard create report --at 18:30 --body-file brief.md', 'not before half past six'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<title>', 'one line that says what is to be done')
    .option('--assignee <name>', 'worker definition that should do it', name)
    .option('--parent <task>', 'task to wait for; repeat or separate by ,', collectList)
    .option('--priority <n>', 'the higher goes first; default 0', wholeNumber)
    .option('--triage', 'somebody has to say more before it can start')
    .option('--at <time>', 'not before: ISO, 10:02 or 2h')
    .addOption(new Option('--schedule-at <time>').hideHelp().conflicts('at'))
    .option('--idempotency-key <key>', 'the same key finds the same task again')
    .option('--created-by <name>', 'default: who is acting')
    .addOption(
      new Option('--initial-status <status>', 'default ready').choices(['ready', 'blocked']),
    )
    .option('--reason <text>', 'why it is blocked from the start');
  declareTaskOptions(command);
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const fields = await newTask(args[0] ?? '', options, context);
  const invalid = refuseInvalid(createTaskSchema, fields);
  if (invalid !== undefined) return invalid;
  const on = await context.onBoard('create');
  const founded = await foundAndTell(on);
  if (founded.refused) return founded;
  const answer = await on.commands().create(fields);
  if (answer.refused) return answer;
  const { taskId, changed } = answer;
  const task = await showTask(on, taskId, { created: changed, changed });
  return task.refused ? task : { ...task, notes: await notes(fields, context) };
}

async function newTask(title: string, options: Options, context: Context): Promise<NewTask> {
  const { assignee, at = options.scheduleAt, initialStatus, parent } = options;
  return said({
    title: title.trim(),
    ...(await taskFields(options, context.io)),
    assignee: assigneeOf(assignee ?? '') ?? undefined,
    parents: parent?.map(taskIdOf),
    priority: options.priority,
    triage: options.triage,
    idempotencyKey: options.idempotencyKey,
    notBeforeMs: at === undefined ? undefined : momentOf(at, context.io.nowMs()),
    initialBlock:
      initialStatus === 'blocked' ? (options.reason ?? 'blocked when it was created') : undefined,
    createdBy: options.createdBy ?? context.caller().actor.id,
  });
}

/** A name that no worker definition has is no mistake, but often a slip. */
async function notes({ assignee }: NewTask, context: Context): Promise<readonly string[]> {
  if (assignee === undefined) return [];
  const { workers, file } = await context.config();
  if (assignee in workers) return [];
  const where = file === undefined ? 'there is no logboard.yaml' : `${file} defines no such worker`;
  return [context.talk.paint('dim', `${where}: “${assignee}” has to claim it from outside`)];
}
