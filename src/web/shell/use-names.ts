/** The names that stand on the board: who works, and for whom. */
import { useMemo } from 'react';
import { definedAssignees } from '../state/crew.ts';
import { useParts } from './page-context.ts';
import { useBoard } from './use-board.ts';

/** Names to choose from, in the order of the alphabet. */
export function useNames(): {
  readonly assignees: readonly string[];
  readonly tenants: readonly string[];
} {
  const { workers } = useParts();
  const board = useBoard();
  return useMemo(() => {
    const assignees = new Set(definedAssignees(board.fold, workers));
    const tenants = new Set<string>();
    for (const { task } of board.fold.tasks.values()) {
      if (task.assignee !== null) assignees.add(task.assignee);
      if (task.tenant !== null) tenants.add(task.tenant);
    }
    return { assignees: [...assignees].sort(), tenants: [...tenants].sort() };
  }, [board, workers]);
}
