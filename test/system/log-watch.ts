/**
 * Watches a log while a story is told and speaks up at the first event that must not be there. It
 * reads nothing but event types and ids, so it shares no mistake with the folds.
 */
import { expect } from 'vitest';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { isTerminal, type RunEvent } from '../../src/domain/run/events.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';

/** Events that take a task from the run that held it. */
const endsHolding: ReadonlySet<string> = new Set([
  'TaskRequeued',
  'TaskCompleted',
  'TaskBlocked',
  'TaskHalted',
  'TaskScheduled',
  'TaskArchived',
  'ReviewRequested',
]);

export interface LogWatch {
  /** Looks at what was appended since the last look. */
  look(): Promise<void>;
}

/** Watches a log from its first event on. */
export function watchLog(log: EventLog): LogWatch {
  const versions = new Map<string, number>();
  const ids = new Set<string>();
  const holders = new Map<string, string>();
  const openRuns = new Map<string, string>();
  const endedRuns = new Set<string>();
  const doneTasks = new Set<string>();
  let position = 0;

  async function look(): Promise<void> {
    for (const stored of await log.readAll({ after: position })) {
      expect(stored.position).toBeGreaterThan(position);
      expect(ids.has(stored.id), `${stored.id} is stored twice`).toBe(false);
      expect(stored.version).toBe((versions.get(stored.stream) ?? -1) + 1);
      position = stored.position;
      versions.set(stored.stream, stored.version);
      ids.add(stored.id);
      const event = codec.decode(stored);
      if (event.stream.startsWith('run-')) lookAtRun(event as Recorded<RunEvent>);
      if (event.stream.startsWith('task-')) lookAtTask(event);
    }
  }

  function lookAtRun(event: Recorded<RunEvent>): void {
    const runId = streamId(event.stream);
    expect(endedRuns.has(runId), `${event.type} after the end of ${runId}`).toBe(false);
    if (event.type === 'RunOpened') {
      if (event.data.kind !== 'record') open(event.data.taskId, runId);
    } else if (event.meta.actor.kind === 'worker') {
      const [taskId] = [...openRuns].find(([, open]) => open === runId) ?? [];
      expect(holders.get(taskId ?? ''), `${runId} writes without holding its task`).toBe(runId);
    }
    if (isTerminal(event)) close(runId);
  }

  function open(taskId: string, runId: string): void {
    expect(openRuns.get(taskId), `two open runs on ${taskId}`).toBeUndefined();
    expect(holders.get(taskId), `${runId} is opened without a claim`).toBe(runId);
    openRuns.set(taskId, runId);
  }

  function close(runId: string): void {
    endedRuns.add(runId);
    for (const [taskId, open] of openRuns) if (open === runId) openRuns.delete(taskId);
  }

  function lookAtTask(event: Recorded): void {
    const taskId = streamId(event.stream);
    if (event.type === 'TaskClaimed') {
      expect(holders.has(taskId), `${taskId} is claimed while it is held`).toBe(false);
      expect(doneTasks.has(taskId), `${taskId} is claimed after it was done`).toBe(false);
      holders.set(taskId, event.data.runId);
    }
    if (endsHolding.has(event.type)) holders.delete(taskId);
    if (event.type === 'TaskCompleted' || event.type === 'ReviewApproved') doneTasks.add(taskId);
    if (event.type === 'TaskReopened') {
      expect(event.meta.actor.kind).toBe('human');
      doneTasks.delete(taskId);
    }
  }

  return { look };
}
