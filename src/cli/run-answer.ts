/** The answer to a command of a run. */
import type { RunAnswer } from '../app/write-run.ts';
import { runAnswerJson } from '../wire/run-answer-json.ts';
import { taskLine } from './task-line.ts';
import { relativeTime } from './time.ts';
import type { BoardContext, Result } from './verb.ts';

/** What became of the run's task, for people; the run's new version, for programs. */
export async function showRun(on: BoardContext, answer: RunAnswer): Promise<Result> {
  const { taskId, runId } = answer;
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  const task = queries.task(taskId, nowMs);
  if (task === undefined) throw new Error(`the tables lost task ${taskId}`);
  const isOpen = task.currentRunId === runId;
  const lease = `lease ends ${relativeTime(answer.leaseUntilMs, nowMs)}`;
  return {
    json: () => runAnswerJson(answer),
    text: () => taskLine(task, on.style, { after: isOpen ? lease : `${runId} is over` }),
  };
}
