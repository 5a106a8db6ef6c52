/**
 * Giving the event loop back. SQLite answers at once, so a loop over reads would never let a timer
 * fire or a socket be read; long work therefore breathes between its steps.
 */
import type { Clock, Timers } from '../ports.ts';

/** Resolves at once, or in the next turn of the event loop when the present one has become long. */
export type Breathe = () => Promise<void>;

/** A turn of the event loop is long after this many ms. */
const turnMsMax = 4;

/** Watches over the turns of the event loop, as far as they are spent on what breathes. */
export function createBreathe({
  clock,
  timers,
}: {
  readonly clock: Clock;
  readonly timers: Timers;
}): Breathe {
  let turn: { readonly startedAtMs: number; readonly over: Promise<void> } | undefined;

  return async () => {
    if (turn === undefined) {
      const over = new Promise<void>((resolve) => timers.immediate(resolve));
      turn = { startedAtMs: clock.monoMs(), over };
      void over.then(() => {
        turn = undefined;
      });
    } else if (clock.monoMs() - turn.startedAtMs >= turnMsMax) {
      await turn.over;
    }
  };
}
