/** `why`: why a task or run stands where it stands, from what the log says. */
import type { Command } from 'commander';
import type { Queries } from '../../../projections/index.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Explanation } from '../../domain/why/explanation.ts';
import { whyJson } from '../../wire/why-json.ts';
import { runIdOf, taskIdOf } from '../ids.ts';
import { taskOrOwn } from '../own-task.ts';
import { problemJson, problemOf } from '../problem.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';
import { whyText } from '../why-text.ts';

/** Explains tasks and runs. */
export const verb: Verb = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard why T-0A1B2C3D4E', 'why it waits, runs again, was halted …'],
    ['logboard why R-0A1B2C3D4E5F', 'why this run ended so, and what was refused of it'],
    ['logboard why T-0A1B2C3D4E --at 10:02', 'why it stood where it stood at that time'],
    ['logboard why T-0A1B2C3D4E --json | jq .rule', 'the rule with the figures it had'],
  ],
};

function configure(command: Command): void {
  command.argument('[ids...]', 'tasks and runs; default: the task of this worker');
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const ids = args.length === 0 ? [taskOrOwn(context, undefined)] : [...new Set(args.map(idOf))];
  const on = await context.onBoard('read');
  const [only, ...others] = ids;
  return only !== undefined && others.length === 0 ? showOne(on, only) : showAll(on, ids);
}

/** Whatever begins like a run's id is meant as one. */
function idOf(text: string): string {
  return /^r-/i.test(text) ? runIdOf(text) : taskIdOf(text);
}

async function showOne(on: BoardContext, id: string): Promise<Result> {
  const answer = await on.board.why(id);
  if (answer.refused) return answer;
  const queries = await on.board.read();
  return { json: () => whyJson(answer), text: () => textOf(on, queries, answer) };
}

/** Several answers; one id of nothing takes nothing from the others. */
async function showAll(on: BoardContext, ids: readonly string[]): Promise<Result> {
  const found: (readonly [id: string, answer: Explanation | Refusal])[] = [];
  for (const id of ids) found.push([id, await on.board.why(id)]);
  const queries = await on.board.read();
  return {
    json: () => ({ results: found.map(([id, answer]) => resultJson(id, answer)) }),
    text: () => found.map(([id, answer]) => resultText(on, queries, [id, answer])).join('\n\n'),
    exit: Math.max(...found.map(([, each]) => (each.refused ? problemOf(each).exit : 0))),
  };
}

function resultJson(id: string, answer: Explanation | Refusal) {
  if (answer.refused) return { id, ok: false, ...problemJson(problemOf(answer)) };
  return { ok: true, ...whyJson(answer) };
}

function resultText(
  on: BoardContext,
  queries: Queries,
  [id, answer]: readonly [string, Explanation | Refusal],
): string {
  if (!answer.refused) return textOf(on, queries, answer);
  const { message, hint } = problemOf(answer);
  return `${id}  ${on.style.paint('bad', 'error')}  ${message} ${on.style.paint('dim', hint)}`;
}

function textOf({ board, style }: BoardContext, queries: Queries, answer: Explanation): string {
  const { subject } = answer;
  const nowMs = board.nowMs();
  const taskId = subject.kind === 'task' ? subject.id : subject.taskId;
  const task = queries.task(taskId, nowMs);
  if (task === undefined) throw new Error(`the tables lost task ${taskId}`);
  return whyText(answer, task, { style, nowMs });
}
