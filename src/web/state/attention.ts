/** What needs a person, worst first. */
import type { Status } from '../../domain/readiness.ts';
import type { MoveName } from '../../domain/task/moves.ts';
import type { BoardFold } from './board-fold.ts';
import { reasonOf } from './card.ts';
import type { Shown } from './columns.ts';
import { leaseOf } from './lease.ts';
import { usualMove } from './moves.ts';
import { counted, span } from './words.ts';

/** One thing that needs somebody, and the deed that helps. */
export interface Need {
  readonly taskId: string;
  readonly title: string;
  readonly tone: 'warning' | 'bad';
  readonly what: string;
  /** Null when only looking helps. */
  readonly move: MoveName | null;
}

/** What may be asked of the board as a whole. */
export interface Surroundings {
  readonly nowMs: number;
  /** The assignees that have a worker definition. */
  readonly workers: ReadonlySet<string>;
}

const order: readonly Status[] = ['halted', 'running', 'blocked', 'review', 'ready'];

/** The needs of the tasks that are shown. */
export function needsOf(
  shown: readonly Shown[],
  fold: BoardFold,
  surroundings: Surroundings,
): readonly Need[] {
  const rank = ({ status }: Shown) => order.indexOf(status);
  return [...shown]
    .filter((one) => rank(one) >= 0)
    .sort((one, other) => rank(one) - rank(other))
    .flatMap((one) => needOf(one, fold, surroundings) ?? []);
}

function needOf(shown: Shown, fold: BoardFold, { nowMs, workers }: Surroundings): Need | undefined {
  const { record, status } = shown;
  const { taskId, task } = record;
  const of = { taskId, title: task.title, move: usualMove[status] ?? null };
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
      if (task.assignee === null || workers.size === 0 || workers.has(task.assignee)) return;
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
  return { taskId, title: task.title, tone: 'bad', what, move: 'reclaim' };
}
