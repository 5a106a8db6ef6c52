/** `edit`: changes what a task says; of a finished one, what it hands on. */
import { type Command, Option } from 'commander';
import type { JsonObject } from '../../domain/limits.ts';
import type { TaskChanges } from '../../domain/task/events.ts';
import { type Act, actOnEach } from '../each.ts';
import { splitIds } from '../ids.ts';
import { collectList, jsonObject, wholeNumber } from '../parsers.ts';
import { declareTaskOptions, type TaskOptions, taskFields } from '../task-options.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options extends TaskOptions {
  readonly title?: string;
  readonly priority?: number;
  readonly summary?: string;
  readonly result?: string;
  readonly metadata?: JsonObject;
  readonly clear?: readonly string[];
  readonly clearSkills?: true;
  readonly clearClaim?: true;
  readonly resetFailures?: true;
  readonly reason?: string;
  readonly specify?: true;
}

/** What `--clear` can empty, and the field it means. */
const clearable: Readonly<Record<string, keyof TaskChanges>> = {
  body: 'body',
  tenant: 'tenant',
  workspace: 'workspace',
  branch: 'branch',
  skills: 'skills',
  model: 'model',
  'max-runtime': 'maxRuntimeMs',
  'max-retries': 'maxRetries',
  'workflow-template-id': 'workflowTemplateId',
  'step-key': 'stepKey',
  summary: 'summary',
  result: 'result',
  metadata: 'metadata',
};

/** Options about tasks that no run holds. */
const needsNoRun = ['specify', 'summary', 'result', 'metadata'];

/** Edits tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard edit T-0A1B2C3D4E --title "migrate all users" --priority 5', 'other words, sooner'],
    ['logboard edit T-0A1B2C3D4E --specify --body-file brief.md', 'out of triage, with a body'],
    ['logboard edit T-0A1B2C3D4E --summary "30 pages"', 'what a finished task hands on'],
    ['logboard edit T-0A1B2C3D4E --clear tenant,branch', 'empty two fields'],
    [
      'logboard edit T-0A1B2C3D4E --clear-claim --reason "its host is gone"',
      'end the run that holds it; one that is over is left as it is',
    ],
    [
      'logboard edit T-0A1B2C3D4E --clear-skills --reset-failures',
      'a fresh start: no skills to load, no failures counted',
    ],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks')
    .option('--title <text>', 'another title')
    .option('--priority <n>', 'the higher goes first', wholeNumber);
  declareTaskOptions(command)
    .option('--clear <fields>', `empty these: ${Object.keys(clearable).join(', ')}`, collectList)
    .option('--summary <text>', 'of a finished task: what was done')
    .option('--result <text>', 'of a finished task: what came out')
    .addOption(
      new Option('--metadata <json>', 'of a finished task: facts, a JSON object').argParser(
        jsonObject,
      ),
    )
    .option('--specify', 'take it out of triage with these changes')
    .option('--clear-skills', 'the same as --clear skills')
    .option('--reset-failures', 'forgive the failures counted so far; for people only')
    .addOption(
      new Option('--clear-claim', 'end the open run that holds it; for people only').conflicts(
        needsNoRun,
      ),
    )
    .option('--reason <text>', 'why the claim is cleared or the failures are forgiven');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  if (words !== undefined)
    throw new UsageError(`“${words}” is not a task id.`, 'Give task ids only.');
  if (options.reason !== undefined && !options.clearClaim && !options.resetFailures)
    throw new UsageError('Nothing here takes a reason.', 'Say it with `logboard comment`.');
  const changes = await changesOf(options, context);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, edits(on, changes, options));
}

async function changesOf(options: Options, context: Context): Promise<TaskChanges> {
  const { title, summary, result, metadata } = options;
  const clear = [...(options.clear ?? []), ...(options.clearSkills ? ['skills'] : [])];
  const cleared = clear.map((field) => [fieldNamed(field), field === 'skills' ? [] : null]);
  return {
    ...(await taskFields(options, context.io)),
    ...(title === undefined ? {} : { title: title.trim() }),
    ...(summary === undefined ? {} : { summary }),
    ...(result === undefined ? {} : { result }),
    ...(metadata === undefined ? {} : { metadata }),
    ...Object.fromEntries(cleared),
  };
}

function fieldNamed(field: string): keyof TaskChanges {
  const name = clearable[field];
  if (name !== undefined) return name;
  throw new UsageError(
    `“${field}” cannot be cleared.`,
    `Known: ${Object.keys(clearable).join(', ')}.`,
  );
}

/** The strictest command comes first: what it refuses, nothing after it has changed by halves. */
function edits(on: BoardContext, changes: TaskChanges, options: Options): Act {
  const { priority, clearClaim, resetFailures, specify, reason } = options;
  const commands = on.commands();
  const steps: Act[] = [];
  if (clearClaim) steps.push((id) => commands.reclaim(id, reason ?? 'its claim was cleared'));
  if (specify) steps.push((id) => commands.specify(id, changes));
  else if (Object.keys(changes).length > 0) steps.push((id) => commands.edit(id, changes));
  if (priority !== undefined) steps.push((id) => commands.reprioritize(id, priority));
  if (resetFailures) steps.push((id) => commands.resetFailures(id, reason));
  if (steps.length === 0)
    throw new UsageError('Nothing to change is named.', 'Add --help for all.');
  return async (id) => {
    let changed = false;
    for (const step of steps) {
      const answer = await step(id);
      if (answer.refused) return answer;
      changed ||= answer.changed;
    }
    return { refused: false, changed };
  };
}
