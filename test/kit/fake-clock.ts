/**
 * A clock that stands still until it is told to go on, and timers that fire in its order.
 *
 * Between two timers everything that can happen does: promises settle and immediates run, however
 * many of them follow one another. So a test says "ten minutes later" and gets exactly what ten
 * minutes would have brought, at once and every time the same.
 */
import type { Clock, Timers } from '../../src/log/ports.ts';

/** Clock and timers in the hands of a test. */
export interface FakeClock extends Clock, Timers {
  /** Lets time pass: every timer due by then fires, in order, at its own moment. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward (or back), as an operator or a time server does. */
  stepWall(ms: number): void;
  /** Lets time pass for everybody else: timers fire only afterwards, as after a suspension. */
  suspend(ms: number): Promise<void>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
}

interface Timer {
  readonly dueMs: number;
  readonly seq: number;
  readonly fire: () => void;
}

/** When the wall clock of a test begins, UTC ms. */
export const storyStartMs = Date.UTC(2026, 4, 1, 8);

/** Turns of the real event loop without anything to do after which all is settled. */
const quietTurns = 5;

/** A clock at the start of the story. */
export function createFakeClock(): FakeClock {
  const timers = new Set<Timer>();
  let monoMs = 0;
  let wallMinusMonoMs = storyStartMs;
  let seq = 0;
  let immediates = 0;

  function after(ms: number, fire: () => void): () => void {
    seq += 1;
    const timer = { dueMs: monoMs + Math.max(0, ms), seq, fire };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function immediate(run: () => void): void {
    immediates += 1;
    setImmediate(() => {
      immediates -= 1;
      run();
    });
  }

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (immediates > 0) quiet = 0;
    }
  }

  async function advance(ms: number): Promise<void> {
    const untilMs = monoMs + ms;
    await settle();
    for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
      timers.delete(timer);
      monoMs = Math.max(monoMs, timer.dueMs);
      timer.fire();
      await settle();
    }
    monoMs = untilMs;
  }

  function nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueMs > untilMs) continue;
      if (next === undefined || isBefore(timer, next)) next = timer;
    }
    return next;
  }

  async function suspend(ms: number): Promise<void> {
    monoMs += ms;
    await advance(0);
  }

  return {
    nowMs: () => Math.floor(monoMs) + wallMinusMonoMs,
    monoMs: () => monoMs,
    after,
    immediate,
    advance,
    stepWall: (ms) => {
      wallMinusMonoMs += ms;
    },
    suspend,
    settle,
  };
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.seq < other.seq);
}
