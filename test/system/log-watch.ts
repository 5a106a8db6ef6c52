/**
 * Watches a log while a story is told and speaks up at the first event that must not be there. It
 * reads nothing but event types and ids, so it shares no mistake with the folds.
 */
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

/** Somebody who looks at a log now and then. */
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
  const parents = new Map<string, readonly string[]>();
  let position = 0;

  async function look(): Promise<void> {
    for (const stored of await log.readAll({ after: position })) {
      const { stream, version, id } = stored;
      demand(stored.position > position, `position ${stored.position} after ${position}`);
      demand(!ids.has(id), `event ${id} is stored twice`);
      demand(version === (versions.get(stream) ?? -1) + 1, `${stream}@${version} after a gap`);
      position = stored.position;
      versions.set(stream, version);
      ids.add(id);
      const event = codec.decode(stored);
      if (event.stream.startsWith('run-')) lookAtRun(event as Recorded<RunEvent>);
      if (event.stream.startsWith('task-')) lookAtTask(event);
    }
  }

  function lookAtRun(event: Recorded<RunEvent>): void {
    const runId = streamId(event.stream);
    demand(!endedRuns.has(runId), `${event.type} after the end of ${runId}`);
    if (event.type === 'RunOpened') {
      if (event.data.kind !== 'record') open(event.data.taskId, runId);
    } else if (event.meta.actor.kind === 'worker') {
      const [taskId] = [...openRuns].find(([, open]) => open === runId) ?? [];
      demand(holders.get(taskId ?? '') === runId, `${runId} writes without holding its task`);
    }
    if (isTerminal(event)) close(runId);
  }

  function open(taskId: string, runId: string): void {
    demand(!openRuns.has(taskId), `two open runs on ${taskId}`);
    demand(holders.get(taskId) === runId, `${runId} is opened without a claim`);
    openRuns.set(taskId, runId);
  }

  function close(runId: string): void {
    endedRuns.add(runId);
    for (const [taskId, open] of openRuns) if (open === runId) openRuns.delete(taskId);
  }

  function lookAtTask(event: Recorded): void {
    const taskId = streamId(event.stream);
    lookAtLinks(taskId, event);
    if (event.type === 'TaskClaimed') {
      demand(!holders.has(taskId), `${taskId} is claimed while it is held`);
      demand(!doneTasks.has(taskId), `${taskId} is claimed after it was done`);
      holders.set(taskId, event.data.runId);
    }
    if (endsHolding.has(event.type)) holders.delete(taskId);
    if (event.type === 'TaskCompleted' || event.type === 'ReviewApproved') doneTasks.add(taskId);
    if (event.type === 'TaskReopened') {
      demand(event.meta.actor.kind === 'human', `${taskId} is reopened by nobody`);
      doneTasks.delete(taskId);
    }
  }

  function lookAtLinks(taskId: string, event: Recorded): void {
    const above = parents.get(taskId) ?? [];
    if (event.type === 'TaskCreated') parents.set(taskId, event.data.parents ?? []);
    if (event.type === 'ParentAdded') {
      const { parentId } = event.data;
      demand(!isAbove(taskId, parentId), `${taskId} and ${parentId} wait for each other`);
      parents.set(taskId, [...above, parentId]);
    }
    if (event.type === 'ParentRemoved') {
      const { parentId } = event.data;
      parents.set(
        taskId,
        above.filter((id) => id !== parentId),
      );
    }
  }

  function isAbove(ancestorId: string, taskId: string): boolean {
    if (taskId === ancestorId) return true;
    return (parents.get(taskId) ?? []).some((id) => isAbove(ancestorId, id));
  }

  return { look };
}

/** Plain, since it is asked a million times. */
function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`must never happen: ${otherwise}`);
}
