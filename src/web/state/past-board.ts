/** The board of a position, in the place of the live one: whoever looks need not know which. */
import type { BoardFold } from './board-fold.ts';
import type { LiveBoard, Look } from './live-board.ts';
import type { Frame } from './past-reel.ts';

/** A board that stands where it is put. */
export interface PastBoard extends LiveBoard {
  /** Shows another board; listeners are told at once. */
  show(frame: Frame): void;
}

/** A board of the past in a page that follows `live`. */
export function createPastBoard(live: LiveBoard, start: Frame): PastBoard {
  let look: Look = start;
  const listeners = new Set<() => void>();
  const fold = (): BoardFold => look.fold;
  return {
    fold,
    look: () => look,
    connection: live.connection,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // Nothing happens in the past.
    listen: () => () => undefined,
    offer: () => undefined,
    lose: () => undefined,
    replace: () => undefined,
    connect: () => undefined,
    reached: () => Promise.resolve(),
    show(frame) {
      look = { fold: frame.fold };
      for (const listener of listeners) listener();
    },
  };
}
