/** The columns as they are to be seen: filtered, grouped, with moves under way already made. */
import { useMemo, useSyncExternalStore } from 'react';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useBoard, useNow } from '../shell/use-board.ts';
import { type Column, columnsOf } from '../state/columns.ts';
import { matcherOf } from '../state/filter.ts';
import type { Found } from './found.ts';

/** How often the clock may move a card by itself: a task that was held becomes ready. */
const lookEveryMs = 1_000;

/** The columns. */
export function useColumns({ snippets }: Found): readonly Column[] {
  const { pending } = useParts();
  const { address } = useLooking();
  const board = useBoard();
  const nowMs = useNow(lookEveryMs);
  const moved = useSyncExternalStore(pending.subscribe, pending.moves);
  const { filter, grouping } = address;
  return useMemo(() => {
    const { tasks } = board.fold;
    const titleOf = (taskId: string) => tasks.get(taskId)?.task.title ?? taskId;
    const matches = matcherOf(filter, snippets);
    return columnsOf(tasks.values(), { nowMs, grouping, titleOf, matches, moved });
  }, [board, nowMs, filter, grouping, moved, snippets]);
}
