/**
 * A simulated process: program code that runs in virtual time and reaches the world through calls.
 *
 * A call takes a while to get there, has its effect, and takes a while to be answered. The process
 * may die or stand still at each of these moments. Between calls it is not to be told from outside
 * whether it lives, so these are all the moments at which dying makes a difference.
 */
import type { Clock, Timers } from '../../src/log/ports.ts';
import type { Chance } from '../trial/chance.ts';
import type { Subject, VirtualTime } from './virtual-time.ts';

/** The shortest and the longest time a call takes, there and back, in ms. */
export type Span = readonly [min: number, max: number];

/** A process, and what can be done to it. */
export interface Actor extends Subject {
  readonly name: string;
  /** Undefined for whoever is on no host in particular. */
  readonly hostId: string | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly chance: Chance;
  /** Reaches out into the world: `effect` happens there, in one moment. */
  call<T>(effect: () => T | Promise<T>, span: Span): Promise<T>;
  /** Resolves after a while, measured by its own timers. */
  pause(ms: number): Promise<void>;
  die(): void;
  /** Dies at one of its next calls: before its effect, or after it and before the answer. */
  dieAtCall(calls: number, side: 'before' | 'after'): void;
  /** Stands still: nothing reaches it until it wakes, and then everything at once. */
  sleep(): void;
  wake(): void;
  onDeath(listener: () => void): void;
}

/** What an actor is made of. */
export interface ActorParts {
  readonly name: string;
  readonly hostId: string | undefined;
  readonly time: VirtualTime;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** The longest lateness of a timer, in ms: it also breaks ties by chance. */
const timerLatenessMs = 1;

/** A process that has just begun. */
export function createActor({ name, hostId, time, clock, chance }: ActorParts): Actor {
  const mourners: (() => void)[] = [];
  let calls = 0;
  let fatal: { call: number; side: 'before' | 'after' } | undefined;
  const subject = { isAlive: true, isAsleep: false, held: [] as (() => void)[] };

  const timers: Timers = {
    after: (ms, fire) => time.after(ms + chance.float() * timerLatenessMs, fire, subject),
    immediate: (run) => void time.after(0, run, subject),
  };

  function call<T>(effect: () => T | Promise<T>, [min, max]: Span): Promise<T> {
    calls += 1;
    const number = calls;
    if (isFatal(number, 'before')) die();
    const thereMs = chance.between(min, max) / 2;
    const backMs = chance.between(min, max) / 2;
    return new Promise((resolve, reject) => {
      const answer = (deliver: () => void) => {
        if (isFatal(number, 'after')) die();
        time.after(backMs, deliver, subject);
      };
      const reach = async () => {
        try {
          const value = await effect();
          answer(() => resolve(value));
        } catch (fault) {
          answer(() => reject(fault));
        }
      };
      time.after(thereMs, () => void reach(), subject);
    });
  }

  function isFatal(call: number, side: 'before' | 'after'): boolean {
    return fatal !== undefined && fatal.side === side && call >= fatal.call;
  }

  function die(): void {
    if (!subject.isAlive) return;
    subject.isAlive = false;
    for (const tell of mourners) tell();
  }

  return Object.assign(subject, {
    name,
    hostId,
    clock,
    timers,
    chance,
    call,
    pause: (ms: number) => new Promise<void>((resolve) => void timers.after(ms, resolve)),
    die,
    dieAtCall: (more: number, side: 'before' | 'after') => {
      fatal = { call: calls + more, side };
    },
    sleep: () => {
      subject.isAsleep = true;
    },
    wake: () => {
      subject.isAsleep = false;
      for (const putBack of subject.held.splice(0)) putBack();
    },
    onDeath: (listener: () => void) => void mourners.push(listener),
  });
}
