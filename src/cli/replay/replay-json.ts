/** An event of a replay as programs see it. The names are permanent: a new need is a new field. */
import type { Queries } from '../../../projections/index.ts';
import type { TaskRow } from '../../../projections/tasks/row.ts';
import type { Frame } from '../../app/replay/reel.ts';
import { isoTime } from '../../wire/iso-time.ts';
import { leaseUntilMs } from '../../wire/run-json.ts';

/** The event, how long it was waited for, what followed from it, and the tasks it changed. */
export function frameJson(frame: Frame, waitedMs: number, queries: Queries) {
  const { event, entries } = frame;
  return {
    position: frame.position,
    at: isoTime(frame.atMs),
    waitedMs,
    taskId: frame.taskId,
    turningPoints: frame.turningPoints,
    event: {
      stream: event.stream,
      version: event.version,
      type: event.type,
      actor: event.meta.actor,
      surface: event.meta.surface,
      data: event.data,
    },
    followed: entries
      .filter(({ ordinal }) => ordinal > 0)
      .map(({ type, taskId }) => ({ type, taskId })),
    changed: frame.changed.map((task) => changedJson(task, queries)),
  };
}

function changedJson(task: TaskRow, queries: Queries) {
  const { currentRunId } = task;
  const run = currentRunId === null ? undefined : queries.run(currentRunId);
  return {
    id: task.taskId,
    title: task.title,
    status: task.status,
    assignee: task.assignee,
    attempts: task.attempts,
    openParents: task.openParents,
    createdAt: isoTime(task.createdAtMs),
    runId: currentRunId,
    leaseUntil: run === undefined ? null : isoTime(leaseUntilMs(run)),
    progress: run?.progress ?? null,
    note: run?.note ?? null,
  };
}
