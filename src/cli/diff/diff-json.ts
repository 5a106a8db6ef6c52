/** Differences as programs see them. The names are permanent: a new need is a new field. */
import type { BoardDiff, Moments, TaskDiff } from '../../app/diff/board-diff.ts';
import type { RunDiff } from '../../app/diff/run-diff.ts';
import type { RunStory } from '../../app/diff/run-story.ts';
import { isoTime } from '../../wire/iso-time.ts';

/** What is different on the board between two moments. */
export function boardDiffJson({ before, after }: Moments, diff: BoardDiff) {
  return {
    from: { position: before.position, at: isoTime(before.atMs) },
    to: { position: after.position, at: isoTime(after.atMs) },
    counts: diff.counts,
    byStatus: diff.byStatus,
    tasks: diff.tasks.map(taskDiffJson),
  };
}

function taskDiffJson(task: TaskDiff) {
  return {
    id: task.taskId,
    title: task.title,
    created: task.isNew,
    status: task.status,
    assignee: task.assignee && { before: task.assignee.before, after: task.assignee.after },
    fields: task.fields,
    comments: task.comments,
    runs: task.runs.map(({ runId, attempt, outcome }) => ({ id: runId, attempt, outcome })),
  };
}

/** What is different about two attempts. */
export function runDiffJson(a: RunStory, b: RunStory, diff: RunDiff) {
  return {
    a: runJson(a),
    b: runJson(b),
    split: diff.split,
    phases: diff.phases.map(({ phase, a: aMs, b: bMs }) => ({ phase, aMs, bMs })),
    differences: diff.differences,
    same: diff.same,
  };
}

function runJson({ run }: RunStory) {
  const { runId, taskId, attempt, outcome, openedAtMs, endedAtMs } = run;
  const claimedAt = isoTime(openedAtMs);
  return { id: runId, taskId, attempt, outcome, claimedAt, endedAt: isoTime(endedAtMs) };
}
