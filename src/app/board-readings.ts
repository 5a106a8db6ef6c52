/** What a board of the present and a board of the past answer in the same way. */
import type { Board } from './board-face.ts';
import { buildContext } from './context.ts';
import { type ExplainedBoard, explain } from './why.ts';

/** The answers that are drawn from more than the tables alone. */
export function readingsOf(board: ExplainedBoard): Pick<Board, 'context' | 'why'> {
  return {
    context: (taskId) => buildContext(board, taskId),
    why: (id) => explain(board, id),
  };
}
