/** Deeds with their consequences on the screen: what was refused is said, and why. */
import { useCallback } from 'react';
import type { MoveName } from '../../domain/task/moves.ts';
import type { Answer, Problem } from '../api/client.ts';
import type { Saying } from '../api/deeds.ts';
import { moveLooks } from '../state/moves.ts';
import { type PageParts, useParts } from './page-context.ts';

/** Moves a card: it goes there at once, and comes back with the reason when it may not. */
export function useMove(): (
  name: MoveName,
  taskId: string,
  saying?: Saying,
) => Promise<Answer<unknown>> {
  const parts = useParts();
  return useCallback((name, taskId, saying = {}) => move(parts, name, taskId, saying), [parts]);
}

/** Says what was refused. */
export function useComplaint(): (problem: Problem) => void {
  const { notices } = useParts();
  return useCallback(({ detail, hint }) => notices.complain(detail, hint), [notices]);
}

async function move(
  { deeds, pending, live, notices }: PageParts,
  name: MoveName,
  taskId: string,
  saying: Saying,
): Promise<Answer<unknown>> {
  pending.begin(taskId, moveLooks[name].column);
  try {
    const answer = await deeds.move(name, taskId, saying);
    if (answer.ok) {
      await live.reached(answer.position);
      notices.say(`${taskId}: ${moveLooks[name].label.toLowerCase()}.`);
    } else notices.complain(answer.problem.detail, answer.problem.hint);
    return answer;
  } finally {
    pending.settle(taskId);
  }
}
