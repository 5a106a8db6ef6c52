/** A number of places, given out in the order they were asked for. */

/** The places. */
export interface Slots {
  /** Resolves once there is a place; call the result to give it back. */
  take(): Promise<() => void>;
}

/** Makes `count` places. */
export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;

  function giveBack(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }

  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isTaken = true;
      return () => {
        if (isTaken) giveBack();
        isTaken = false;
      };
    },
  };
}
