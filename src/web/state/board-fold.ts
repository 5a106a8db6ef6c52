/**
 * The board in the page: a snapshot, and every event after it folded by the functions that the
 * tables of the server are folded by. It can be made of a snapshot at any position, so the present
 * and the past are the same thing here.
 */
import type { BoardEvent } from '../../domain/board/events.ts';
import { evolveBoard } from '../../domain/board/state.ts';
import type { BoardDomainEvent, Recorded } from '../../domain/catalogue.ts';
import type { DispatcherEvent } from '../../domain/dispatcher/events.ts';
import type { NoteEvent } from '../../domain/note/events.ts';
import type { RunEvent } from '../../domain/run/events.ts';
import { evolveRunRecord, extendLease, type RunRecord } from '../../domain/run/record.ts';
import { streamCategory, streamId } from '../../domain/streams.ts';
import type { TaskEvent } from '../../domain/task/events.ts';
import { createFamilyFold } from '../../domain/task/family.ts';
import type { TaskRecord } from '../../domain/task/record.ts';
import type { Dispatcher, Snapshot } from './snapshot.ts';

/**
 * How an event was taken: `unknown` when it is about something that the snapshot left out, such as
 * an archived task, or puts in question what no event tells; the board at hand is then worth no
 * more, and a new snapshot is needed.
 */
export type Folded = 'folded' | 'unknown';

/** A board to read, and to fold on. Records are never changed, only replaced. */
export interface BoardFold {
  readonly position: () => number;
  readonly board: () => Snapshot['board'];
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  /** The open runs, by their ids. */
  readonly runs: ReadonlyMap<string, RunRecord>;
  readonly dispatchers: ReadonlyMap<string, Dispatcher>;
  /** Stale writes refused since the snapshot, by task. */
  readonly refusals: ReadonlyMap<string, number>;
  /** The tasks that have this one among their parents. */
  childIds(taskId: string): readonly string[];
  /** Folds the next event; those up to the position are left out. */
  fold(event: Recorded): Folded;
  /**
   * Takes dispatchers off the board that were seen to be gone, which no event tells; those that
   * have come again since stay. Answers whether there were any.
   */
  lose(gone: readonly Pick<Dispatcher, 'dispatcherId' | 'position'>[]): boolean;
  /** What stands now, to go on from later. */
  snapshot(): Snapshot;
}

/** The board as a snapshot has it. */
export function createBoardFold(start: Snapshot): BoardFold {
  const tasks = new Map(start.tasks.map((record) => [record.taskId, record]));
  const runs = new Map(start.runs.map((record) => [record.runId, record]));
  const dispatchers = new Map(start.dispatchers.map((one) => [one.dispatcherId, one]));
  const refusals = new Map<string, number>();
  const children = new Map<string, Set<string>>();
  for (const { taskId, task } of start.tasks) for (const id of task.parents) link(id, taskId);
  const childIds = (taskId: string) => [...(children.get(taskId) ?? [])].sort();
  const records = {
    get: (taskId: string) => tasks.get(taskId),
    put: (taskId: string, record: TaskRecord) => void tasks.set(taskId, record),
  };
  const family = createFamilyFold({ records, childIds });
  let { position, board } = start;

  function link(parentId: string, childId: string): void {
    const known = children.get(parentId);
    if (known === undefined) children.set(parentId, new Set([childId]));
    else known.add(childId);
  }

  function fold(event: Recorded): Folded {
    if (event.position <= position) return 'folded';
    const folded = take(event);
    position = event.position;
    return folded;
  }

  function take(event: Recorded): Folded {
    switch (streamCategory(event.stream)) {
      case 'task':
        return takeTask(event as Recorded<TaskEvent>);
      case 'note':
        return takeNote(event as Recorded<NoteEvent>);
      case 'run':
        return takeRun(event as Recorded<RunEvent>);
      case 'board':
        return takeBoard(event as Recorded<BoardEvent>);
      case 'dispatcher':
        return takeDispatcher(event as Recorded<DispatcherEvent>);
      case 'refused':
        refusals.set(streamId(event.stream), (refusals.get(streamId(event.stream)) ?? 0) + 1);
        return 'folded';
      default:
        return 'folded';
    }
  }

  function takeTask(event: Recorded<TaskEvent>): Folded {
    const taskId = streamId(event.stream);
    if (event.type !== 'TaskCreated' && !tasks.has(taskId)) {
      return showsFromTheArchive(event) ? 'unknown' : 'folded';
    }
    if (event.type === 'TaskCreated') for (const id of event.data.parents ?? []) link(id, taskId);
    if (event.type === 'ParentAdded') link(event.data.parentId, taskId);
    if (event.type === 'ParentRemoved') children.get(event.data.parentId)?.delete(taskId);
    if (changesParents(event) && !areKnown(taskId, event)) return 'unknown';
    family.fold(event);
    if (event.type === 'LeaseExtended') extend(event);
    return 'folded';
  }

  /** Nothing else can happen to an archived task that anybody would see. */
  function showsFromTheArchive(event: Recorded<TaskEvent>): boolean {
    if (event.type === 'TaskRestored') return true;
    const isLink = event.type === 'ParentAdded' || event.type === 'ParentRemoved';
    return isLink && tasks.has(event.data.parentId);
  }

  /** Whether a task waits cannot be told when one of its parents is not on the board. */
  function areKnown(taskId: string, event: Recorded<TaskEvent>): boolean {
    const before = tasks.get(taskId)?.task.parents ?? [];
    const added = event.type === 'TaskCreated' ? (event.data.parents ?? []) : [];
    const one = event.type === 'ParentAdded' ? [event.data.parentId] : [];
    return [...before, ...added, ...one].every((id) => tasks.has(id));
  }

  function extend(event: Recorded<Extract<TaskEvent, { type: 'LeaseExtended' }>>): void {
    const run = runs.get(event.data.runId);
    if (run !== undefined) runs.set(run.runId, extendLease(run, event));
  }

  function takeNote(event: Recorded<NoteEvent>): Folded {
    if (tasks.has(streamId(event.stream))) family.fold(event);
    return 'folded';
  }

  function takeRun(event: Recorded<RunEvent>): Folded {
    const runId = streamId(event.stream);
    const before = runs.get(runId);
    if (before === undefined && event.type !== 'RunOpened') return 'unknown';
    const after = evolveRunRecord(before, event);
    if (after.end === null) runs.set(runId, after);
    else runs.delete(runId);
    return 'folded';
  }

  function takeBoard(event: Recorded<BoardEvent>): Folded {
    board = evolveBoard(board, event, event.meta) ?? board;
    if (event.type !== 'PolicyChanged') return 'folded';
    const { dispatcher, policy } = event.data;
    const known = dispatchers.get(dispatcher?.id ?? '');
    if (known !== undefined && dispatcher !== undefined) {
      const { assignees } = dispatcher;
      const { maxRunning } = policy;
      dispatchers.set(dispatcher.id, { ...known, assignees, maxRunning });
    }
    return 'folded';
  }

  function takeDispatcher(event: Recorded<DispatcherEvent>): Folded {
    const dispatcherId = streamId(event.stream);
    if (event.type === 'DispatcherStarted') {
      const { host, assignees, policy } = event.data;
      const { maxRunning } = policy;
      // One that was killed said nothing: whether it is there still, only the server can see.
      const others = [...dispatchers.values()].filter((one) => one.dispatcherId !== dispatcherId);
      const come = { dispatcherId, host, assignees, maxRunning, position: event.position };
      dispatchers.set(dispatcherId, come);
      return others.some((one) => one.host === host) ? 'unknown' : 'folded';
    }
    dispatchers.delete(dispatcherId);
    return 'folded';
  }

  return {
    position: () => position,
    board: () => board,
    tasks,
    runs,
    dispatchers,
    refusals,
    childIds,
    fold,
    lose(gone) {
      const lost = gone.filter(({ dispatcherId, position: ofStart }) => {
        return dispatchers.get(dispatcherId)?.position === ofStart;
      });
      for (const { dispatcherId } of lost) dispatchers.delete(dispatcherId);
      return lost.length > 0;
    },
    snapshot: () => ({
      position,
      board,
      tasks: [...tasks.values()],
      runs: [...runs.values()],
      dispatchers: [...dispatchers.values()],
    }),
  };
}

const parentTypes: ReadonlySet<BoardDomainEvent['type']> = new Set([
  'TaskCreated',
  'ParentAdded',
  'ParentRemoved',
  'TaskPromoted',
]);

function changesParents(event: Recorded<TaskEvent>): boolean {
  return parentTypes.has(event.type);
}
