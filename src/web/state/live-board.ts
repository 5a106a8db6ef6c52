/**
 * The board as it is now: events are folded as they come, and whoever looks is told a little later,
 * once for all that came together.
 */
import type { Recorded } from '../../domain/catalogue.ts';
import { type BoardFold, createBoardFold } from './board-fold.ts';
import type { Snapshot } from './snapshot.ts';

/** Whether events come in. */
export type Connection = 'live' | 'reconnecting' | 'signed-out';

/** The board at one moment of looking; what was folded since is in it, too. */
export interface Look {
  readonly fold: BoardFold;
}

/** What the live board is told, and tells. */
export interface LiveBoard {
  /** The board; another one after `replace`. */
  fold(): BoardFold;
  connection(): Connection;
  /** The board to look at: another object whenever listeners were told of a change. */
  look(): Look;
  subscribe(listener: () => void): () => void;
  /** Called with each event that was folded, in order. */
  listen(listener: (event: Recorded) => void): () => void;
  offer(event: Recorded): void;
  /** Takes dispatchers off the board that were seen to be gone. */
  lose(...gone: Parameters<BoardFold['lose']>): void;
  replace(snapshot: Snapshot): void;
  connect(connection: Connection): void;
  /** Resolves when the board has come to a position. */
  reached(position: number): Promise<void>;
}

/** What it needs from its surroundings. */
export interface LiveParts {
  readonly start: Snapshot;
  /** Calls back in a moment: soon enough for eyes, late enough to gather what comes together. */
  readonly soon: (callback: () => void) => void;
  /** Asks for a new snapshot: this board has seen something that it does not know. */
  readonly resync: () => void;
}

/** A live board that begins with a snapshot. */
export function createLiveBoard({ start, soon, resync }: LiveParts): LiveBoard {
  let fold = createBoardFold(start);
  let connection: Connection = 'reconnecting';
  let look: Look = { fold };
  let isTold = true;
  const listeners = new Set<() => void>();
  const hearers = new Set<(event: Recorded) => void>();
  const waiting = new Set<{ readonly position: number; readonly done: () => void }>();

  function changed(): void {
    if (!isTold) return;
    isTold = false;
    soon(tell);
  }

  function tell(): void {
    isTold = true;
    look = { fold };
    for (const listener of listeners) listener();
    for (const one of waiting) {
      if (one.position > fold.position()) continue;
      waiting.delete(one);
      one.done();
    }
  }

  return {
    fold: () => fold,
    connection: () => connection,
    look: () => look,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    listen(listener) {
      hearers.add(listener);
      return () => hearers.delete(listener);
    },
    offer(event) {
      if (event.position <= fold.position()) return;
      if (fold.fold(event) === 'unknown') resync();
      for (const hearer of hearers) hearer(event);
      changed();
    },
    lose(gone) {
      if (fold.lose(gone)) changed();
    },
    replace(snapshot) {
      fold = createBoardFold(snapshot);
      changed();
    },
    connect(next) {
      connection = next;
      changed();
    },
    reached(position) {
      if (fold.position() >= position) return Promise.resolve();
      return new Promise((resolve) => waiting.add({ position, done: resolve }));
    },
  };
}
