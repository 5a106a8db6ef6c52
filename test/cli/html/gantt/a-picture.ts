/** A picture to look at: one task that was reclaimed from a silent worker, one that went well. */
import type { Picture } from '../../../../src/app/picture.ts';
import { markOf } from '../../../../src/domain/marks.ts';
import { segmentsOf } from '../../../../src/domain/segments.ts';
import { atTime, type Line, onRefused, onRun, onTask, recorded } from '../../../kit/a-history.ts';
import { endings, opened, spawned, started } from '../../../kit/a-run.ts';
import { claimed, created, failed, otherRunId, runId, taskId } from '../../../kit/a-task.ts';

/** So many seconds after the picture begins, UTC ms. */
export function seconds(count: number): number {
  return Date.UTC(2026, 4, 1, 8) + count * 1_000;
}

/** When the run of the first task is suspect; UTC ms. */
export const suspectAtMs = seconds(33);
/** When it is taken away; UTC ms. */
export const reclaimedAtMs = seconds(40);
const nowMs = seconds(100);
const ttlMs = 20_000;
const other = 'T-0000000002';

/** The picture; the first task may be called anything. */
export function aPicture(title = 'Paint the hull'): Picture {
  const refused = { runId, attempted: 'CompleteRun', code: 'stale_run', actualVersion: 4 };
  const by = { kind: 'worker', id: runId } as const;
  const lines = [
    at(0, onTask(created())),
    at(1, onTask(created(), other)),
    ...work(5, taskId, runId),
    ...work(45, other, otherRunId),
    at(40, onRun(endings.RunReclaimed)),
    at(40, onTask(failed({ outcome: 'reclaimed', failures: 0 }))),
    at(50, onRefused({ type: 'WriteRefused', data: { ...refused, by } })),
    at(60, onRun(endings.RunCompleted, otherRunId)),
    at(60, onTask({ type: 'TaskCompleted', data: { runId: otherRunId } }, other)),
  ];
  lines.sort((one, another) => (one.atMs ?? 0) - (another.atMs ?? 0));
  const events = recorded(lines);
  const tasks = [
    { taskId, title },
    { taskId: other, title: 'Rig the mast' },
  ].map((task) => {
    const past = events.filter(({ stream }) => isOf(task.taskId, stream));
    const segments = segmentsOf({ taskId: task.taskId, events: past }, nowMs);
    const marks = past.flatMap((event) => markOf(event, task.taskId) ?? []);
    return { ...task, segments, marks };
  });
  return { fromAtMs: seconds(0), toAtMs: nowMs, tasks, marks: [] };
}

function at(second: number, line: Line): Line {
  return atTime(seconds(second), line);
}

function work(second: number, id: string, run: string): readonly Line[] {
  const host = run === runId ? 'quay' : 'pier';
  return [
    at(second, onTask(claimed({ runId: run, ttlMs }), id)),
    at(second, onRun(opened({ taskId: id, ttlMs, assignee: 'painter', host }), run)),
    at(second + 1, onRun({ ...spawned, data: { ...spawned.data, host } }, run)),
    at(second + 2, onRun(started, run)),
  ];
}

function isOf(id: string, stream: string): boolean {
  const run = id === taskId ? runId : otherRunId;
  return stream.endsWith(id) || stream === `run-${run}`;
}
