/**
 * A log that is not atomic, with a hand in it: lets its process die between two writes of one
 * append, or somebody else's write slip in there. These are the moments a cluster is about.
 */
import type { EventLog } from '../../src/log/event-log.ts';
import { piecewise } from '../../tools/trial/piecewise-log.ts';

/** The process is gone: whoever waits for its answer gets none. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** What can be done between two writes. */
export interface Pieces {
  /** Makes a log one that is not atomic. */
  readonly wrap: (log: EventLog) => EventLog;
  /** The next append with so many writes dies after this many of them. */
  dieAfter(stored: number): void;
  /** Runs once, after this many writes of the next append that has more. */
  slipInAfter(stored: number, meddle: () => Promise<unknown>): void;
  /** Decides about every moment between two writes from now on: true is death. */
  whenever(dies: () => boolean): void;
}

/** Hands that do nothing yet. */
export function inPieces(): Pieces {
  const awaited: { readonly stored: number; readonly meddle: () => Promise<unknown> }[] = [];
  let dies = () => false;

  async function between(stored: number): Promise<void> {
    if (dies()) throw new Died();
    if (awaited[0]?.stored !== stored) return;
    await awaited.shift()?.meddle();
  }

  function slipInAfter(stored: number, meddle: () => Promise<unknown>): void {
    awaited.push({ stored, meddle });
  }

  return {
    wrap: (log) => piecewise(log, between),
    dieAfter: (stored) => slipInAfter(stored, () => Promise.reject(new Died())),
    slipInAfter,
    whenever: (decide) => {
      dies = decide;
    },
  };
}
