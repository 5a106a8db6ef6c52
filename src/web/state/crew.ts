/** Whom workers are started for. */
import type { BoardFold } from './board-fold.ts';

/**
 * The assignees that have a worker definition. Dispatchers at work say whom they serve, when they
 * come and whenever their file has changed; where there is none, the server's own file counts.
 */
export function definedAssignees(
  { dispatchers }: Pick<BoardFold, 'dispatchers'>,
  workers: ReadonlySet<string>,
): ReadonlySet<string> {
  if (dispatchers.size === 0) return workers;
  return new Set([...dispatchers.values()].flatMap(({ assignees }) => assignees));
}
