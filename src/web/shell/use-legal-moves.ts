/** What may be done with tasks as they stand now, as the server says it. */
import { useEffect, useMemo, useState } from 'react';
import { statusOf } from '../../domain/readiness.ts';
import type { MoveName, PossibleMove } from '../../domain/task/moves.ts';
import { useParts } from './page-context.ts';
import { useBoard, useNow } from './use-board.ts';

const lookEveryMs = 1_000;

/**
 * The deeds that are legal for at least one of these tasks. The server is asked about one task of
 * each status that is among them: the others stand as that one does.
 */
export function useLegalMoves(taskIds: Iterable<string>): ReadonlySet<MoveName> {
  const { ask, canWrite } = useParts();
  const { fold } = useBoard();
  const nowMs = useNow(lookEveryMs);
  const [legal, setLegal] = useState<ReadonlySet<MoveName>>(new Set());
  const byStatus = new Map<string, string>();
  for (const taskId of taskIds) {
    const record = fold.tasks.get(taskId);
    if (record === undefined) continue;
    const { openParents } = record;
    const status = statusOf(record.task, { openParents, nowMs });
    if (!byStatus.has(status)) byStatus.set(status, taskId);
  }
  const asked = [...byStatus].map((pair) => pair.join(' ')).sort();
  const key = canWrite ? asked.join(',') : '';
  const ids = useMemo(() => key.split(',').flatMap((pair) => pair.split(' ')[1] ?? []), [key]);

  useEffect(() => {
    const control = new AbortController();
    const { signal } = control;
    const answers = ids.map((id) => ask<Moves>(`/tasks/${id}/moves`, { signal }));
    void Promise.all(answers).then((all) => {
      if (signal.aborted) return;
      const moves = all.flatMap((answer) => (answer.ok ? answer.value.moves : []));
      setLegal(new Set(moves.filter(({ isLegal }) => isLegal).map(({ name }) => name)));
    });
    return () => control.abort();
  }, [ask, ids]);

  return legal;
}

interface Moves {
  readonly moves: readonly PossibleMove[];
}
