/** A task with all that belongs to it, as programs see it. The names are permanent. */
import type { Outage } from '../domain/outage.ts';
import { commentJson } from './comment-json.ts';
import { isoTime } from './iso-time.ts';
import { runJson } from './run-json.ts';
import { taskJson } from './task-json.ts';
import type { TaskPage } from './task-page.ts';
import { timelineJson } from './timeline-json.ts';

/** The task itself, and beside its fields what belongs to it. */
export function taskPageJson(page: TaskPage) {
  const { task, parents, children, runs, comments, entries, outage, queries, nowMs } = page;
  const brief = (one: TaskPage['parents'][number]) => ({
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
