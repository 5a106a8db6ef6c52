/** Reading the board anew: one reading at a time, and again and again until one has worked. */

/** What came of one reading; `given_up`: another one would not help either. */
export type Reading = 'done' | 'failed' | 'given_up';

/** What it needs from its surroundings. */
export interface ResyncParts {
  read(): Promise<Reading>;
  /** Calls back after so many ms. */
  readonly after: (ms: number, callback: () => void) => void;
  /** Monotonic, in ms. */
  readonly nowMs: () => number;
}

/** Pause after a reading that failed. */
const retryAfterMs = 1_000;

/**
 * Pause after one that worked: what is wanted meanwhile is read together. A big board takes long to
 * read, and is read for a tenth of the time at most, whatever happens on it.
 */
const pauseMsMin = 500;
const pausePerReading = 9;

/** Answers how to ask for a reading: it begins after this call, though perhaps not at once. */
export function createResync({ read, after, nowMs }: ResyncParts): () => void {
  let isWanted = false;
  let isUnderWay = false;

  async function run(): Promise<void> {
    isUnderWay = true;
    try {
      while (isWanted) await readAndRest();
    } finally {
      isUnderWay = false;
    }
  }

  async function readAndRest(): Promise<void> {
    isWanted = false;
    const startedAtMs = nowMs();
    const outcome = await read();
    if (outcome === 'given_up') return;
    if (outcome === 'failed') isWanted = true;
    const pauseMs = Math.max(pauseMsMin, pausePerReading * (nowMs() - startedAtMs));
    await pause(outcome === 'failed' ? retryAfterMs : pauseMs);
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => after(ms, resolve));
  }

  return () => {
    isWanted = true;
    if (!isUnderWay) void run();
  };
}
