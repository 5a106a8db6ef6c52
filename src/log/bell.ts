/** A bell: somebody waits for it, others ring it, and a ring while nobody waits is not lost. */
import type { Timers } from './ports.ts';

/** A bell for one who waits. */
export interface Bell {
  /** Ends the present wait, or the next one before it begins. */
  ring(): void;
  /** Forgets earlier rings: what they announced is about to be looked at. */
  hush(): void;
  /** Resolves with the next ring, or `ms` from now. Keeps the process alive until then. */
  wait(ms: number): Promise<void>;
}

/** Makes a bell that has not been rung. */
export function createBell(timers: Timers): Bell {
  let hasRung = false;
  let endWait = () => {};

  return {
    ring() {
      hasRung = true;
      endWait();
    },
    hush() {
      hasRung = false;
    },
    wait(ms) {
      if (hasRung) {
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const cancel = timers.after(ms, resolve);
        endWait = () => {
          cancel();
          resolve();
        };
      });
    },
  };
}
