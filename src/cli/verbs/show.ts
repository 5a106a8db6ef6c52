/** `show`: everything about a task on one page. */
import type { Command } from 'commander';
import { noSuchTask } from '../../app/plans.ts';
import type { Outage } from '../../domain/outage.ts';
import { commentJson } from '../comment-json.ts';
import { taskOrOwn } from '../own-task.ts';
import { runJson } from '../run-json.ts';
import { taskJson } from '../task-json.ts';
import { readTaskPage, type TaskPage } from '../task-page.ts';
import { taskPageText } from '../task-page-text.ts';
import { isoTime } from '../time.ts';
import { timelineJson } from '../timeline-json.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Shows a task. */
export const verb: Verb = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard show T-0A1B2C3D4E', 'state, hand-off, runs, comments, what happened last'],
    ['logboard show T-0A1B2C3D4E --at -2h', 'what was known of it two hours ago'],
    ['logboard show T-0A1B2C3D4E --json | jq .runs', 'its attempts'],
  ],
};

function configure(command: Command): void {
  command.argument('[task]', 'default: the task of this worker');
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const taskId = taskOrOwn(context, args[0]);
  const config = await context.config();
  const on = await context.onBoard('read');
  const policy = on.board.past === undefined ? config.policy : on.board.policy();
  const nowMs = on.board.nowMs();
  const page = readTaskPage(await on.board.read(), taskId, { nowMs, policy });
  if (page === undefined) return noSuchTask(taskId);
  return { json: () => pageJson(page), text: () => taskPageText(page, on.style) };
}

/** The task itself, and beside its fields what belongs to it. */
function pageJson(page: TaskPage) {
  const { task, parents, children, runs, comments, entries, outage, queries, nowMs } = page;
  const brief = (one: TaskPage['task']) => ({
    id: one.taskId,
    title: one.title,
    status: one.status,
    assignee: one.assignee,
  });
  return {
    ...taskJson(task, queries, nowMs),
    parentTasks: parents.map(brief),
    childTasks: children.map(brief),
    runs: runs.map(runJson),
    comments: comments.map(commentJson),
    timeline: entries.map(timelineJson),
    outage: outage === undefined ? null : outageJson(outage),
  };
}

function outageJson({ outcome, code, tasks, sinceMs, probeAtMs }: Outage) {
  return { outcome, code, tasks, since: isoTime(sinceMs), probeAt: isoTime(probeAtMs) };
}
