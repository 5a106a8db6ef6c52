/**
 * The client that is in use, and its replacement by a new one.
 *
 * A client that has failed is thrown away with everything that hangs on it: its batch stream must
 * not outlive the next one's beginning, since an answer on it that nobody waits for any more ends
 * the process. So nothing begins on a client that is being replaced, and what has begun on it is
 * told so; the client itself leaves most of it waiting.
 */
import type { Timers } from '../ports.ts';
import { judge } from './fault.ts';
import { Replaced, within } from './within.ts';

/** A client, and who has to know when it is replaced. */
export interface Generation<C> {
  readonly client: C;
  /** Calls back when the client is replaced. Returns the way to stop. */
  onReplaced(listener: () => void): () => void;
  /** Replaces the client if this error says that it cannot be trusted. */
  judge(error: unknown): void;
}

/** What is done with a client: `begin` what has to be begun on a live one, when ready for it. */
export type Use<C, T> = (client: C, begin: <B>(work: () => B) => B) => Promise<T>;

/** The client in use. */
export interface LiveClient<C> {
  current(): Promise<Generation<C>>;
  /**
   * Does something with the client that must be over within `msMax`. It may take its time to get
   * ready, and then begins only if the client has not been replaced meanwhile.
   */
  run<T>(use: Use<C, T>, msMax: number): Promise<T>;
  /** Ends the client. */
  end(): Promise<void>;
}

/** How long ending a client may take before the next one begins, ms. */
const endMsMax = 1_000;

/** Makes the first client when it is needed, and each next one. */
export function createLiveClient<C>(
  make: () => C,
  unmake: (client: C) => Promise<void>,
  timers: Timers,
): LiveClient<C> {
  let live: (Generation<C> & { readonly listeners: Set<() => void> }) | undefined;
  let ending: Promise<void> = Promise.resolve();

  async function current(): Promise<Generation<C>> {
    await ending;
    live ??= generationOf(make());
    return live;
  }

  function generationOf(client: C) {
    const listeners = new Set<() => void>();
    const generation = {
      client,
      listeners,
      onReplaced(listener: () => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      judge(error: unknown) {
        const judgement = judge(error);
        const isBroken = judgement.kind === 'unknown' && judgement.isBroken;
        if (isBroken && live === generation) replace();
      },
    };
    return generation;
  }

  function replace(): void {
    if (live === undefined) return;
    const { client, listeners } = live;
    live = undefined;
    // What has just begun needs this turn of the event loop until it can be ended.
    const ended = new Promise<void>((resolve) => timers.immediate(resolve));
    ending = within(
      ended.then(() => unmake(client)),
      endMsMax,
      timers,
    ).catch(() => {});
    for (const listener of listeners) listener();
  }

  async function run<T>(use: Use<C, T>, msMax: number): Promise<T> {
    const generation = await current();
    const begin = <B>(work: () => B): B => {
      if (live !== generation) throw new Replaced();
      return work();
    };
    let stopHearing = () => {};
    const replaced = new Promise<never>((_, reject) => {
      stopHearing = generation.onReplaced(() => reject(new Replaced()));
    });
    try {
      return await within(Promise.race([use(generation.client, begin), replaced]), msMax, timers);
    } catch (error) {
      generation.judge(error);
      throw error;
    } finally {
      stopHearing();
    }
  }

  return {
    current,
    run,
    async end() {
      replace();
      await ending;
    },
  };
}
