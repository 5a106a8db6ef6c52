/** `watch`: what happens on the board, as it happens. */
import type { Command } from 'commander';
import type { TimelineRow } from '../../../projections/timeline/row.ts';
import { said } from '../../domain/said.ts';
import { didYouMean } from '../../nearest.ts';
import { exitCodes } from '../../outcome.ts';
import { followTimeline } from '../follow-timeline.ts';
import { collectList, name, position } from '../parsers.ts';
import { assigneeOf } from '../task-options.ts';
import { entryKinds } from '../timeline-words.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly assignee?: string;
  readonly tenant?: string;
  readonly kinds?: readonly string[];
  readonly after?: number;
}

/** Follows the board. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard watch', 'everything from now on, until Ctrl-C'],
    ['logboard watch --assignee build --kinds TaskHalted,TaskBlocked', 'trouble of one worker'],
    ['logboard watch --after 0 --json', 'from the beginning, a JSON document a line'],
  ],
};

function configure(command: Command): void {
  command
    .option('--assignee <name>', 'only tasks of this assignee', name)
    .option('--tenant <name>', 'only tasks of this tenant')
    .option('--kinds <types>', 'only these, such as TaskCompleted,became_ready', collectList)
    .option('--after <position>', 'begin after this place; default: now', position);
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const kinds = options.kinds?.map(kindOf);
  const on = await context.onBoard('read');
  const after = options.after ?? (await on.board.log.head()).position;
  const isWanted = (row: TimelineRow) => concerns(on, row, options);
  await followTimeline(on, { ...said({ kinds }), after, isWanted });
  return { exit: exitCodes.interrupted };
}

/** Case does not matter: `taskcompleted` is understood. */
function kindOf(text: string): string {
  const kind = entryKinds.find((known) => known.toLowerCase() === text.toLowerCase());
  if (kind !== undefined) return kind;
  throw new UsageError(`The timeline has no “${text}”.`, didYouMean(text, entryKinds));
}

function concerns(on: BoardContext, row: TimelineRow, options: Options): boolean {
  const { assignee, tenant } = options;
  if (assignee === undefined && tenant === undefined) return true;
  if (row.taskId === null) return false;
  const task = on.board.projections.queries.task(row.taskId, on.board.nowMs());
  if (tenant !== undefined && task?.tenant !== tenant) return false;
  return assignee === undefined || task?.assignee === assigneeOf(assignee);
}
