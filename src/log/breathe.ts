/**
 * Giving the event loop back. SQLite answers at once, so a loop over reads would never let a timer
 * fire or a socket be read; long work therefore breathes between its steps. So do those who were
 * woken together, such as everybody whose append was in one commit: they go on in several turns.
 */
import type { Clock, Timers } from './ports.ts';

/** Resolves at once, or in a later turn of the event loop when the present one has become long. */
export type Breathe = () => Promise<void>;

/** A turn of the event loop is long after this many ms: it goes on for one more step at most. */
const turnMsMax = 2;

interface Loop {
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Whoever holds the same timers works on the same event loop, and shares its turns. */
const byTimers = new WeakMap<Timers, Breathe>();

/** Watches over the turns of the event loop, as far as they are spent on what breathes. */
export function createBreathe(loop: Loop): Breathe {
  const known = byTimers.get(loop.timers) ?? watchOver(loop);
  byTimers.set(loop.timers, known);
  return known;
}

function watchOver({ clock, timers }: Loop): Breathe {
  let lastInLine = Promise.resolve();
  let turn: { readonly startedAtMs: number; readonly over: Promise<void> } | undefined;

  function begin() {
    const over = new Promise<void>((resolve) => timers.immediate(resolve)).then(() => {
      turn = undefined;
    });
    return { startedAtMs: clock.monoMs(), over };
  }

  /** Answers nothing where nobody has to wait: a promise would cost three turns of its own. */
  function pass(): void | Promise<void> {
    const isLong = turn !== undefined && clock.monoMs() - turn.startedAtMs >= turnMsMax;
    return isLong ? turn?.over.then(enter) : enter();
  }

  function enter(): void {
    turn ??= begin();
  }

  return () => {
    // In single file: whoever is next looks at the time when the one before has done its work.
    lastInLine = lastInLine.then(pass);
    return lastInLine;
  };
}
