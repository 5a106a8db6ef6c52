/** `list`: the tasks of the board, filtered and sorted. */
import { type Command, Option } from 'commander';
import type { Queries } from '../../../projections/index.ts';
import { type TaskFilter, type TaskSort, taskSorts } from '../../../projections/tasks/queries.ts';
import { type Status, statuses } from '../../domain/readiness.ts';
import { said } from '../../domain/said.ts';
import { figure } from '../../wire/counted.ts';
import { taskJson } from '../../wire/task-json.ts';
import { count, name } from '../parsers.ts';
import { parseStatuses } from '../status.ts';
import { assigneeOf } from '../task-options.ts';
import { taskTable } from '../task-table.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly status?: string;
  readonly ready?: true;
  readonly assignee?: string;
  readonly mine?: true;
  readonly tenant?: string;
  readonly createdBy?: string;
  readonly archived?: true;
  readonly workflowTemplateId?: string;
  readonly stepKey?: string;
  readonly sort?: TaskSort;
  readonly limit?: number;
}

/** Lists tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard list', 'everything that is not archived, oldest first'],
    ['logboard list --ready --assignee build', 'the queue of one worker'],
    ['logboard list --status blocked,halted,review', 'what waits for a person'],
    ['logboard list --at 10:02', 'the board as it was then'],
    ['logboard list --json | jq -r ".[].id"', 'all ids'],
  ],
};

/** Tasks that people are shown unless they ask for more. */
const shownDefault = 50;

function configure(command: Command): void {
  command
    .option('--status <statuses>', 'one or more, separated by ,')
    .addOption(new Option('--ready', 'the queue: what is ready, next first').conflicts('status'))
    .option('--assignee <name>', 'none: what nobody is assigned to', name)
    .addOption(new Option('--mine', 'what is assigned to who is acting').conflicts('assignee'))
    .option('--tenant <name>')
    .option('--created-by <name>')
    .addOption(new Option('--archived', 'archived ones too').conflicts(['status', 'ready']))
    .option('--workflow-template-id <id>')
    .option('--step-key <key>')
    .addOption(new Option('--sort <order>', 'default: created').choices(taskSorts))
    .option('--limit <n>', `at most this many; default ${shownDefault}, or all with --json`, count);
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const filter = filterOf(options, context);
  const on = await context.onBoard('read');
  const sort = options.sort ?? (options.ready ? 'priority-desc' : 'created');
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  const limit = options.limit ?? (on.isJson ? undefined : shownDefault);
  const tasks = queries.tasks(filter, said({ sort, limit }), nowMs);
  const hidden = tasks.length === limit ? countListed(queries, filter, nowMs) - limit : 0;
  return {
    json: () => tasks.map((task) => taskJson(task, queries, nowMs)),
    text: () => taskTable(tasks, on.style, nowMs),
    notes: notes(tasks.length, hidden, on.board.past !== undefined).map((note) =>
      on.talk.paint('dim', note),
    ),
  };
}

/** Most lists are counted already, in the statistics; the others have to be gone through. */
function countListed(queries: Queries, filter: TaskFilter, nowMs: number): number {
  const { assignee, status = statusesListed, ...others } = filter;
  if (Object.keys(others).length > 0) return queries.countTasks(filter, nowMs);
  const { byStatus, byAssignee } = queries.stats(nowMs);
  const counts = assignee === undefined ? byStatus : byAssignee[assignee ?? ''];
  return status.reduce((sum, each) => sum + (counts?.[each] ?? 0), 0);
}

function filterOf(options: Options, context: Context): TaskFilter {
  const { assignee, mine, tenant, createdBy, workflowTemplateId, stepKey } = options;
  const whose = mine ? context.caller().actor.id : assignee;
  return said({
    status: statusesOf(options),
    assignee: whose === undefined ? undefined : assigneeOf(whose),
    tenant,
    createdBy,
    workflowTemplateId,
    stepKey,
  });
}

/** What a list without further wishes holds. */
const statusesListed = statuses.filter((each) => each !== 'archived' && each !== 'tombstoned');

/** A removed task is shown only to who asks for it by that name. */
function statusesOf({ archived, ready, status }: Options): readonly Status[] | undefined {
  if (ready) return ['ready'];
  if (status !== undefined) return parseStatuses(status);
  return archived ? statuses.filter((each) => each !== 'tombstoned') : undefined;
}

function notes(shown: number, hidden: number, isPast: boolean): readonly string[] {
  if (shown === 0) return [`No tasks match.${isPast ? '' : ' Make one: logboard create "…"'}`];
  return hidden > 0 ? [`… and ${figure(hidden)} more: add --limit ${shown + hidden}`] : [];
}
