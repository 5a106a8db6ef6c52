/** Verbs on several tasks: each is one command of its own, and each gets its own answer. */
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { TaskAnswer } from '../app/task-plan.ts';
import type { Refusal } from '../domain/refusal.ts';
import { taskJson } from '../wire/task-json.ts';
import { type Problem, problemJson, problemOf } from './problem.ts';
import { plainLine } from './sanitize.ts';
import { taskLine } from './task-line.ts';
import { UsageError } from './usage-error.ts';
import type { BoardContext, Result } from './verb.ts';

/** One command on one task. */
export type Act = (taskId: string) => Promise<Pick<TaskAnswer, 'refused' | 'changed'> | Refusal>;

type Outcome = { id: string; changed: boolean } | { id: string; problem: Problem };

/**
 * Carries a command out on every task. One id answers with the task, or its refusal; several answer
 * with a list, and with the worst exit code among them: the highest.
 */
export async function actOnEach(
  context: BoardContext,
  taskIds: readonly string[],
  act: Act,
): Promise<Result> {
  const [only, ...others] = taskIds;
  if (only === undefined) throw new UsageError('No task is named.', 'Give one or more task ids.');
  if (others.length === 0) {
    const answer = await act(only);
    return answer.refused ? answer : showTask(context, only, { changed: answer.changed });
  }
  const outcomes: Outcome[] = [];
  for (const id of taskIds) outcomes.push(await outcomeOf(id, act));
  return listOutcomes(context, outcomes);
}

/** The task as it stands now, after a command. `facts` are put beside its fields. */
export async function showTask(
  context: BoardContext,
  taskId: string,
  facts: { readonly changed: boolean; readonly created?: boolean },
): Promise<Result> {
  const queries = await context.board.read();
  const nowMs = context.board.nowMs();
  const task = known(taskId, queries.task(taskId, nowMs));
  return {
    json: () => ({ ...taskJson(task, queries, nowMs), ...facts }),
    text: () => doneLine(task, context, facts.changed),
  };
}

async function outcomeOf(id: string, act: Act): Promise<Outcome> {
  try {
    const answer = await act(id);
    return answer.refused ? { id, problem: problemOf(answer) } : { id, changed: answer.changed };
  } catch (fault) {
    return { id, problem: problemOf(fault) };
  }
}

async function listOutcomes(context: BoardContext, outcomes: readonly Outcome[]): Promise<Result> {
  const queries = await context.board.read();
  const nowMs = context.board.nowMs();
  const task = (id: string) => known(id, queries.task(id, nowMs));
  const json = (outcome: Outcome) => {
    const { id } = outcome;
    if ('problem' in outcome) return { id, ok: false, ...problemJson(outcome.problem) };
    return { ok: true, ...taskJson(task(id), queries, nowMs), changed: outcome.changed };
  };
  const text = (outcome: Outcome) =>
    'problem' in outcome
      ? problemLine(outcome, context)
      : doneLine(task(outcome.id), context, outcome.changed);
  return {
    json: () => ({ results: outcomes.map(json) }),
    text: () => outcomes.map(text).join('\n'),
    exit: Math.max(...outcomes.map((outcome) => ('problem' in outcome ? outcome.problem.exit : 0))),
  };
}

function doneLine(task: TaskRow, { style }: BoardContext, changed: boolean): string {
  return taskLine(task, style, changed ? {} : { after: '(nothing to change)' });
}

function problemLine({ id, problem }: { id: string; problem: Problem }, { style }: BoardContext) {
  const { message, hint } = problem;
  const error = style.paint('bad', 'error');
  return `${id}  ${error}  ${plainLine(message)} ${style.paint('dim', plainLine(hint))}`;
}

function known(taskId: string, task: TaskRow | undefined): TaskRow {
  if (task === undefined) throw new Error(`the tables lost task ${taskId}`);
  return task;
}
