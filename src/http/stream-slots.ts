/** How many streams are open at once: there is an end to them, so that there is room for others. */

/** Streams at once over all clients: half of the connections that are taken. */
export const streamsMax = 512;

/** The places for streams. */
export interface StreamSlots {
  /** How many are taken. */
  open(): number;
  /** Takes a place; undefined when there is none. The answer gives it back, once. */
  take(): (() => void) | undefined;
}

/** The places of one door, all of them free. */
export function createStreamSlots(): StreamSlots {
  let open = 0;
  return {
    open: () => open,
    take() {
      if (open >= streamsMax) return undefined;
      open += 1;
      let isTaken = true;
      return () => {
        if (isTaken) open -= 1;
        isTaken = false;
      };
    },
  };
}
