/** What needs a person, worst first. */
import type { Status } from '../../domain/readiness.ts';
import type { MoveName } from '../../domain/task/moves.ts';
import type { TaskRecord } from '../../domain/task/record.ts';
import type { BoardFold } from './board-fold.ts';
import { reasonOf } from './card.ts';
import type { Shown } from './columns.ts';
import { definedAssignees } from './crew.ts';
import { leaseOf } from './lease.ts';
import { usualMove } from './moves.ts';
import { counted, span } from './words.ts';

/** What helps: a deed on the task, or one on the board; `why` where it takes more than a button. */
export type Help = MoveName | 'resume' | 'why';

/** One thing that needs somebody, and what helps. */
export interface Need {
  /** The task in need; of a need of the whole board, the task that has waited longest for it. */
  readonly taskId: string;
  readonly title: string;
  readonly tone: 'warning' | 'bad';
  readonly what: string;
  readonly help: Help;
  readonly isOfBoard: boolean;
}

/** What may be asked of the board as a whole. */
export interface Surroundings {
  readonly nowMs: number;
  /** The assignees that have a worker definition in the server's file. */
  readonly workers: ReadonlySet<string>;
}

const order: readonly Status[] = ['halted', 'running', 'blocked', 'review', 'ready'];

/** Ready tasks that wait for less than this wait for nothing worth a word, ms. */
const patienceMs = 60_000;

/** The needs of the tasks that are shown, and of the board as a whole. */
export function needsOf(
  shown: readonly Shown[],
  fold: BoardFold,
  { nowMs, workers }: Surroundings,
): readonly Need[] {
  const surroundings = { nowMs, workers: definedAssignees(fold, workers) };
  const needs = new Map<Status, Need[]>(order.map((status) => [status, []]));
  for (const one of shown) {
    const ofStatus = needs.get(one.status);
    const need = ofStatus && needOf(one, fold, surroundings);
    if (need) ofStatus.push(need);
  }
  return [...[...needs.values()].flat(), ...standstill(shown, fold, surroundings)];
}

/** Tasks that could be started, and are not: what keeps all of them. */
function standstill(
  shown: readonly Shown[],
  fold: BoardFold,
  { nowMs, workers }: Surroundings,
): readonly Need[] {
  const reason = keptBy(fold);
  if (reason === undefined) return [];
  const waiting = shown
    .filter(({ record: { task }, status }) => {
      return status === 'ready' && task.assignee !== null && isServed(task.assignee, workers);
    })
    .map(({ record }) => ({ taskId: record.taskId, sinceMs: readySinceMs(record) }))
    .filter(({ sinceMs }) => nowMs - sinceMs >= patienceMs)
    .sort((one, other) => one.sinceMs - other.sinceMs);
  const [longest] = waiting;
  if (longest === undefined) return [];
  const ready = counted(waiting.length, 'ready task waits', 'ready tasks wait');
  const what = `${ready}, the first for ${span(nowMs - longest.sinceMs)}`;
  return [{ ...reason, taskId: longest.taskId, tone: 'warning', what, isOfBoard: true }];
}

function keptBy(fold: BoardFold): Pick<Need, 'title' | 'help'> | undefined {
  if (fold.board().isPaused) return { title: 'The board is paused', help: 'resume' };
  const { dispatchers, runs } = fold;
  if (dispatchers.size === 0) return { title: 'No dispatcher is at work', help: 'why' };
  const cap = [...dispatchers.values()].reduce((sum, { maxRunning }) => sum + maxRunning, 0);
  if (runs.size < cap) return undefined;
  return { title: `The cap of ${counted(cap, 'worker')} is reached`, help: 'why' };
}

function isServed(assignee: string, workers: ReadonlySet<string>): boolean {
  return workers.size === 0 || workers.has(assignee);
}

/** A task that was held is ready since its time came. */
function readySinceMs({ becameReadyAtMs, updatedAtMs, task }: TaskRecord): number {
  return Math.max(becameReadyAtMs ?? updatedAtMs, task.notBeforeMs ?? 0);
}

function needOf(shown: Shown, fold: BoardFold, { nowMs, workers }: Surroundings): Need | undefined {
  const { record, status } = shown;
  const { taskId, task } = record;
  const help: Help = usualMove[status] ?? 'why';
  const of = { taskId, title: task.title, help, isOfBoard: false };
  switch (status) {
    case 'halted':
    case 'blocked': {
      const what = reasonOf(shown, nowMs)?.text ?? status;
      return { ...of, tone: status === 'halted' ? 'bad' : 'warning', what };
    }
    case 'review': {
      const children = fold.childIds(taskId).length;
      const then = children === 0 ? '' : `, ${counted(children, 'task')} waiting for it`;
      return { ...of, tone: 'warning', what: `waits for your review${then}` };
    }
    case 'running':
      return overdue(shown, fold, nowMs);
    case 'ready':
      if (task.assignee === null || isServed(task.assignee, workers)) return undefined;
      return { ...of, tone: 'warning', what: `no worker is defined for ${task.assignee}` };
    default:
      return undefined;
  }
}

function overdue({ record }: Shown, fold: BoardFold, nowMs: number): Need | undefined {
  const { taskId, task } = record;
  const run = task.standing.status === 'running' && fold.runs.get(task.standing.claim.runId);
  if (!run) return undefined;
  const { state, lastSignAtMs } = leaseOf(run, nowMs);
  if (state !== 'over') return undefined;
  const what = `lease over, silent for ${span(nowMs - lastSignAtMs)}`;
  const of = { taskId, title: task.title, help: 'reclaim', isOfBoard: false } as const;
  return { ...of, tone: 'bad', what };
}
