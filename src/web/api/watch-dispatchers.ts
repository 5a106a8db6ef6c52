/** Looks again and again whether dispatchers are still there: one that was killed says nothing. */
import type { LiveBoard } from '../state/live-board.ts';
import type { Ask } from './client.ts';

/** Dispatchers as the server sees them. */
interface SeenDispatchers {
  readonly dispatchers: readonly {
    readonly id: string;
    readonly state: 'serving' | 'gone';
    readonly position: number;
  }[];
}

/** A dispatcher that was killed is shown as one for as long as this, ms. */
const lookEveryMs = 10_000;

/**
 * Takes dispatchers off the board whose processes are no more, until it is stopped, which it
 * answers how to. Looks only while somebody sees the page; a look that fails is made up for by the
 * next.
 */
export function watchDispatchers(ask: Ask, live: LiveBoard): () => void {
  async function look(): Promise<void> {
    if (document.hidden || live.fold().dispatchers.size === 0) return;
    const answer = await ask<SeenDispatchers>('/dispatchers');
    if (!answer.ok) return;
    const gone = answer.value.dispatchers.filter(({ state }) => state === 'gone');
    live.lose(gone.map(({ id, position }) => ({ dispatcherId: id, position })));
  }

  const timer = setInterval(() => void look(), lookEveryMs);
  return () => clearInterval(timer);
}
