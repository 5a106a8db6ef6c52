/** `search`: finds words in titles, bodies, comments, reasons and results. */
import type { Command } from 'commander';
import type { TaskRow } from '../../../projections/index.ts';
import type { SearchHit } from '../../../projections/search/queries.ts';
import { taskIdSchema } from '../../domain/task/events.ts';
import { taskJson } from '../../wire/task-json.ts';
import { count } from '../parsers.ts';
import { plainLine } from '../sanitize.ts';
import type { Style } from '../style.ts';
import { taskLine } from '../task-line.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';
import { cutTo } from '../width.ts';

interface Options {
  readonly limit?: number;
}

/** Searches the board. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard search migrate users', 'tasks that contain both words'],
    ['logboard search invoic', 'words that begin like this'],
  ],
};

const limitDefault = 20;

interface Hit {
  readonly task: TaskRow;
  readonly snippet: string;
}

function configure(command: Command): void {
  command
    .argument('<words...>', 'all of them must be there')
    .option('--limit <n>', `the best n; default ${limitDefault}`, count);
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const words = args.join(' ');
  const on = await context.onBoard('read');
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  const byId = taskIdSchema.safeParse(words.trim().toUpperCase());
  const hitOf = ({ taskId, snippet }: SearchHit): readonly Hit[] => {
    const task = queries.task(taskId, nowMs);
    return task === undefined ? [] : [{ task, snippet: snippet() }];
  };
  const named = byId.success ? queries.task(byId.data, nowMs) : undefined;
  const hits = queries.search(words, { limit: options.limit ?? limitDefault });
  const found = named === undefined ? hits.flatMap(hitOf) : [{ task: named, snippet: named.title }];
  const { style, talk } = on;
  return {
    json: () => found.map(({ task, snippet }) => ({ ...taskJson(task, queries, nowMs), snippet })),
    text: () => found.map((hit) => hitText(hit, style)).join('\n'),
    notes: found.length === 0 ? [talk.paint('dim', 'Nothing contains these words.')] : [],
  };
}

/** The piece of text that fits, unless it is only the title again. */
function hitText({ task, snippet }: Hit, style: Style): string {
  const text = plainLine(snippet);
  const line = taskLine(task, style);
  if (text.replace(/[«»]/g, '') === plainLine(task.title)) return line;
  return `${line}\n  ${style.paint('dim', cutTo(style.columns - 2, text))}`;
}
