/** Which event led to which: as events say it, and as it follows from what they are. */
import { describe, expect, test } from 'vitest';
import { causesIn } from '../../src/domain/causes.ts';
import { atTime, onRefused, onRun, onTask, recorded } from '../kit/a-history.ts';
import { beat, endings, opened, started, worker } from '../kit/a-run.ts';
import { claimed, created, failed, otherRunId, parentId, runId, taskId } from '../kit/a-task.ts';

const refused = { runId, attempted: 'CompleteRun', code: 'stale_run', actualVersion: 4 };
const again = { runId: otherRunId, attempt: 2 };
const told = recorded([
  onTask(created(), parentId),
  onTask(created({ parents: [parentId] })),
  onTask({ type: 'TaskCompleted', data: {} }, parentId),
  onTask(claimed()),
  onRun(opened()),
  onRun(started),
  onRun(beat()),
  onRun(endings.RunReclaimed),
  atTime(Date.UTC(2026, 4, 1, 8, 1), onTask(failed({ notBeforeMs: Date.UTC(2026, 4, 1, 8, 2) }))),
  onRefused({ type: 'WriteRefused', data: { ...refused, by: worker } }),
  atTime(Date.UTC(2026, 4, 1, 8, 3), onTask(claimed(again))),
]);
// What the board drew from the end of the run says so itself.
const events = told.map((event) => {
  const meta = { ...event.meta, $causationId: 'event-8' };
  return event.position === 9 ? { ...event, meta } : event;
});
const causeOf = causesIn({ taskId, events });

describe('an event was led to', () => {
  test.each<[what: string, position: number, cause: number | undefined]>([
    ['by nothing, when a task is created', 2, undefined],
    ['by the parent whose end made the task ready, when it is claimed', 4, 3],
    ['by the claim, when its run is opened', 5, 4],
    ['by the claim, when its worker is at work or beats', 7, 4],
    ['by the claim, when the run is taken away', 8, 4],
    ['by the end of the run, when the task is told of it', 9, 8],
    ['by the end of the run, when a late write is refused', 10, 8],
    ['by what sent the task back, when it is claimed after the wait', 11, 9],
  ])('%s', (_what, position, cause) => {
    expect(causeOf(events[position - 1]!)).toBe(cause);
  });
});
