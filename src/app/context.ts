/**
 * Gathers what a worker is shown; the text itself is made by the domain. Reasons come from the log,
 * since the timeline cuts long ones.
 */
import type { Queries } from '../../projections/index.ts';
import type { RecentResult } from '../../projections/runs/queries.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { ListedTask } from '../../projections/tasks/row.ts';
import {
  type ContextAttempt,
  type ContextParent,
  type ContextWord,
  contextCaps,
  renderContext,
} from '../domain/context.ts';
import { satisfies } from '../domain/readiness.ts';
import type { Refusal } from '../domain/refusal.ts';
import { streams } from '../domain/streams.ts';
import { isOutside, legible, type TaskWord, wordsIn } from '../domain/task/words.ts';
import type { Board } from './board-face.ts';
import { noSuchTask } from './plans.ts';
import { createPastReader } from './task-past.ts';

/** The context of a task as Markdown. */
export async function buildContext(
  board: Pick<Board, 'log' | 'read' | 'nowMs'>,
  taskId: string,
): Promise<string | Refusal> {
  const queries = await board.read();
  const events = await createPastReader(board.log).stream(streams.task(taskId));
  const nowMs = board.nowMs();
  const task = queries.task(taskId, nowMs);
  if (task === undefined) return noSuchTask(taskId);
  const runs = queries.runs(taskId);
  const words = wordsAbout(runs, wordsIn(events));
  return renderContext({
    task: { ...task, id: taskId, workspace: task.workspace.path ?? task.workspace.kind },
    words: words.map((word) => contextWord(word, runs)),
    attempts: runs.flatMap((run) => attemptOf(run, words)),
    parents: queries.parents(taskId, nowMs).flatMap(resultOf),
    recent: recentWork(queries, task.assignee, taskId),
    comments: queries.comments(taskId),
  });
}

/** What was said in the task's stream, and by those who took it from a run; oldest first. */
function wordsAbout(runs: readonly RunRow[], words: readonly TaskWord[]): readonly TaskWord[] {
  return [...runs.flatMap(reclaimOf), ...words].sort((one, other) => one.position - other.position);
}

function reclaimOf({ runId, outcome, ending, endedBy, position }: RunRow): readonly TaskWord[] {
  if (outcome !== 'reclaimed' || endedBy === null || !isOutside(endedBy)) return [];
  const reason = legible(ending?.reason);
  return [{ position, actor: endedBy, act: 'reclaimed', reason, runId }];
}

function contextWord(
  { actor, act, reason, runId }: TaskWord,
  runs: readonly RunRow[],
): ContextWord {
  const attempt = runs.find((run) => run.runId === runId)?.attempt ?? null;
  return { actor, act, reason, attempt };
}

function attemptOf(run: RunRow, words: readonly TaskWord[]): readonly ContextAttempt[] {
  const { attempt, outcome, ending, runId } = run;
  if (outcome === null) return [];
  const { summary = null, error, reason, metadata = null } = ending ?? {};
  const refusal = words.find((word) => word.runId === runId && word.act !== 'reclaimed');
  const turnedDown = refusal === undefined ? null : contextWord(refusal, [run]);
  return [{ attempt, outcome, summary, error: error ?? reason ?? null, metadata, turnedDown }];
}

/** What a task waited for is what it builds on, but for what was removed: that is out of sight. */
function resultOf({ taskId, title, standing, handOff }: ListedTask): readonly ContextParent[] {
  if (!satisfies(standing) || standing.status === 'tombstoned') return [];
  const { summary = null, result = null, metadata = null } = handOff ?? {};
  return [{ id: taskId, title, summary, result, metadata }];
}

function recentWork(queries: Queries, assignee: string | null, taskId: string) {
  if (assignee === null) return [];
  const results = queries.recentResultsOfAssignee(assignee, contextCaps.recentRuns + 1);
  return results.flatMap((result) => {
    const { summary } = result;
    const isOwn = result.taskId === taskId;
    if (isOwn || summary === null || wasTurnedDown(queries, result)) return [];
    return [{ taskId: result.taskId, summary }];
  });
}

/** The first such act after a result is about that result: no other can be delivered before it. */
function wasTurnedDown(queries: Queries, { taskId, position }: RecentResult): boolean {
  const kinds = ['ReviewRejected', 'TaskReopened'];
  return queries.timeline({ taskId, kinds, afterPosition: position, limit: 1 }).length > 0;
}
