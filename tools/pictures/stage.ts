/** A board whose clock is set by hand, so that three hours can be told in a second. */
import { openProjections } from '../../projections/run.ts';
import { createBoard } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';

/** The name of the machine, and of its dispatcher. */
export const machine = 'quay';
/** Workers at once. */
export const maxRunning = 4;
/** How long a worker may be silent, ms. */
export const leaseMs = 15 * 60_000;

/** Those who act, and the clock they act by. */
export interface Stage {
  readonly policy: typeof defaultPolicy;
  readonly dispatcher: Commands;
  person(name: string): Commands;
  worker(runId: string): Commands;
  /** What follows happens so many minutes before now. */
  goTo(minutesAgo: number): void;
  close(): Promise<void>;
}

/** Makes a board in a directory that has none. */
export async function openStage(path: string): Promise<Stage> {
  const nowMs = systemClock.nowMs();
  let atMs = nowMs;
  const clock = { ...systemClock, nowMs: () => atMs };
  const timers = systemTimers;
  const ids = createIds({ clock, randomBytes });
  const deps = { clock, timers, random: Math.random, newEpoch: () => ids.commandId(), randomBytes };
  const log = await openSqliteLog(path, deps, { mode: 'write', create: true });
  const projections = await openProjections({ log, path, timers });
  const policy = { ...defaultPolicy, maxRunning, claimTtlMs: leaseMs };
  const board = createBoard({ log, projections, clock, ids, policy: () => policy });
  const dispatcher = board.as({
    actor: { kind: 'dispatcher', id: machine },
    surface: 'dispatcher',
  });
  return {
    policy,
    dispatcher,
    person: (id) => board.as({ actor: { kind: 'human', id }, surface: 'http' }),
    worker: (id) => board.as({ actor: { kind: 'worker', id }, surface: 'sdk' }),
    goTo(minutesAgo) {
      atMs = nowMs - minutesAgo * 60_000;
    },
    close: () => board.close(),
  };
}

/** The answer, which must be no refusal. */
export async function accepted<T extends { readonly refused: false }>(
  answer: Promise<T | Refusal>,
): Promise<T> {
  const given = await answer;
  if (given.refused) throw new Error(`${given.code}: ${given.message}`);
  return given;
}
