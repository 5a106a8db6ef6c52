/** What a board of the present and a board of the past answer in the same way. */
import type { Board } from './board-face.ts';
import { buildContext } from './context.ts';
import { byTheLog } from './fleet.ts';
import { type ExplainedBoard, explain } from './why.ts';

/**
 * The answers that are drawn from more than the tables alone. Without a probe no process is seen:
 * of the past, only the log tells.
 */
export function readingsOf(
  board: Omit<ExplainedBoard, 'probeDispatcher'>,
  probeDispatcher: Board['probeDispatcher'] = byTheLog,
): Pick<Board, 'context' | 'why' | 'probeDispatcher'> {
  return {
    context: (taskId) => buildContext(board, taskId),
    why: (id) => explain({ ...board, probeDispatcher }, id),
    probeDispatcher,
  };
}
