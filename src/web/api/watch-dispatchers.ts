/** Looks again and again whether dispatchers are still there: one that was killed says nothing. */
import type { Dispatcher } from '../state/snapshot.ts';
import type { Ask } from './client.ts';

/** Dispatchers as the server sees them. */
interface SeenDispatchers {
  readonly dispatchers: readonly {
    readonly id: string;
    readonly state: 'serving' | 'gone';
    readonly position: number;
  }[];
}

/** What it needs from its surroundings. */
export interface WatchParts {
  readonly ask: Ask;
  /** Whether anybody looks at the page, and there is a dispatcher on it to look for. */
  readonly isWorthIt: () => boolean;
  /** Is told of the dispatchers whose processes are no more. */
  readonly onGone: (gone: readonly Pick<Dispatcher, 'dispatcherId' | 'position'>[]) => void;
  /** Calls back again and again, so many ms apart; answers how to stop. */
  readonly every: (ms: number, callback: () => void) => () => void;
}

/** A dispatcher that was killed is shown as one for as long as this, ms. */
const lookEveryMs = 10_000;

/** Watches until it is stopped. A look that fails is made up for by the next. */
export function watchDispatchers({ ask, isWorthIt, onGone, every }: WatchParts): () => void {
  async function look(): Promise<void> {
    if (!isWorthIt()) return;
    const answer = await ask<SeenDispatchers>('/dispatchers');
    if (!answer.ok) return;
    const gone = answer.value.dispatchers.filter(({ state }) => state === 'gone');
    onGone(gone.map(({ id, position }) => ({ dispatcherId: id, position })));
  }

  return every(lookEveryMs, () => void look());
}
