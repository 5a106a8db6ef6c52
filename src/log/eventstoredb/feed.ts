/**
 * The feed: whatever the cluster holds of the board arrives in the tail, in its order.
 *
 * One subscription brings it. It never comes back by itself once it has ended, with an error or
 * without, so it is begun again, from where the tail is, later and later. And it may fall silent
 * without ending: then pages are read instead, and if they hold what it should have brought, it is
 * begun again as well.
 */
import { createBell } from '../bell.ts';
import type { LogUnavailable } from '../event-log.ts';
import type { Clock, Random, Timers } from '../ports.ts';
import type { SourcePosition } from '../sqlite/replica.ts';
import type { Connection, Following } from './connection.ts';
import { eventOf } from './encode.ts';
import { faultOf, type Trouble } from './fault.ts';
import { type ClusterPlace, prefixOf } from './place.ts';
import type { Tail } from './tail.ts';
import { patiently, within } from './within.ts';

/** The feed of one log. */
export interface Feed {
  /**
   * Reads page by page up to the end of the cluster. While it cannot be reached this is tried again
   * for so long, by default not at all; then it rejects with a fault of the log.
   */
  fetch(forMs?: number): Promise<void>;
  /**
   * Begins to follow, and goes on until it is stopped. `isSure`: the cluster was just found to have
   * the history that the tail has.
   */
  start(isSure: boolean): void;
  /** How long ago the tail was last known to have everything, ms; 0 while it is kept up. */
  behindMs(): number;
  /** Holds the subscription back while too much waits here. */
  hold(isHeld: boolean): void;
  stop(): Promise<void>;
}

/** What the feed works with. */
export interface FeedDeps {
  readonly place: ClusterPlace;
  readonly connection: Connection;
  readonly tail: Tail;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly timers: Timers;
  readonly random: Random;
  /** How long nothing may come before the end of the cluster is looked at. Default 5,000. */
  readonly silentMsMax?: number | undefined;
  /** Hears that following failed, and will be tried again. */
  onTrouble(trouble: Trouble): void;
  /** Rejects with the fault `log_other_store` when the cluster is not what it was. */
  confirm(): Promise<void>;
  /** Hears that there is nothing to follow any more. */
  onLost(fault: LogUnavailable): void;
}

type Page = Awaited<ReturnType<Connection['readAll']>>;

/** Records in a page; the client holds all of two at a time. */
const pageSize = 500;

const backoffMs = { min: 50, max: 2_000 };

/** How long stopping waits for what is under way, ms. */
const stopMsMax = 500;

const silentMsDefault = 5_000;

/** After one silence, or half a one more, pages are read; that may take the rest. */
const silencesTrusted = 2;

/** Prepares to follow; nothing happens before `fetch` or `start`. */
export function createFeed(deps: FeedDeps): Feed {
  const { place, connection, tail, clock, timers, random } = deps;
  const prefix = prefixOf(place.board);
  const silentMsMax = deps.silentMsMax ?? silentMsDefault;
  const end = createBell(timers);
  let following: Following | undefined;
  let fetching: Promise<number> | undefined;
  let heardAtMs = 0;
  let hadAllAtMs = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let isStopped = false;
  let isHeld = false;
  let finished: Promise<void> = Promise.resolve();
  let cancelWatch = () => {};

  /** Answers how many events were new. Who asks while pages are read asks for those after. */
  async function fetchPages(): Promise<number> {
    const before = tail.position();
    try {
      let next: Promise<Page> | undefined = pageFrom(tail.source());
      while (next !== undefined && !isStopped) {
        const page: Page = await next;
        if (isStopped) break;
        const last = page.at(-1);
        // The next one is on its way while this one is taken.
        next = page.length === pageSize ? pageFrom(last?.position) : undefined;
        takePage(page, deps);
        refuseBroken(tail);
        await tail.flush();
      }
    } catch (error) {
      throw faultOf(error, { attempted: 'read everything', label: place.label });
    }
    hadAllAtMs = clock.monoMs();
    return tail.position() - before;
  }

  /** A page begins with the place that it was asked from. */
  function pageFrom(source: SourcePosition | undefined): Promise<Page> {
    const page = connection.readAll(source, pageSize);
    page.catch(() => {});
    return page;
  }

  async function fetchOnce(): Promise<void> {
    await fetching?.catch(() => 0);
    fetching ??= fetchPages().finally(() => {
      fetching = undefined;
    });
    await fetching;
  }

  const fetch = (msMax = 0) => patiently(fetchOnce, { clock, timers, msMax });

  async function followOnce(): Promise<void> {
    const current = await connection.follow(prefix, tail.source(), {
      event(record) {
        heard();
        tail.take(eventOf(record, place.board));
      },
      checkpoint(position) {
        heard();
        tail.note(position);
      },
      confirmed: heard,
    });
    following = current;
    if (isHeld) current.pause();
    try {
      await (isStopped ? undefined : current.over);
    } finally {
      following = undefined;
      await current.stop();
    }
  }

  function heard(): void {
    heardAtMs = clock.monoMs();
    hadAllAtMs = heardAtMs;
    failures = 0;
  }

  async function followOn(isSureAtFirst: boolean): Promise<void> {
    for (let isSure = isSureAtFirst; !isStopped; isSure = false) {
      try {
        if (!isSure) await deps.confirm();
        await followOnce();
      } catch (error) {
        const fault = faultOf(error, { attempted: 'read everything', label: place.label });
        if (isStopped) return;
        deps.onTrouble(fault);
        if (fault.code === 'log_other_store') {
          deps.onLost(fault);
          return;
        }
      }
      if (isStopped) return;
      failures += 1;
      const fullMs = Math.min(backoffMs.max, backoffMs.min * 2 ** (failures - 1));
      await end.wait(fullMs * (0.5 + random() / 2));
    }
  }

  /** A subscription that is held back is silent for a reason. */
  function watch(): void {
    cancelWatch = timers.after(
      silentMsMax / 2,
      () => {
        const isSilent = clock.monoMs() - heardAtMs >= silentMsMax;
        if (isSilent && !isHeld && following !== undefined) void lookForMore(following);
        if (!isStopped) watch();
      },
      'background',
    );
  }

  async function lookForMore(silent: Following): Promise<void> {
    heardAtMs = clock.monoMs();
    const missed = await (fetching ?? fetchPages()).catch(() => Number.POSITIVE_INFINITY);
    if (missed > 0 && following === silent) await silent.stop();
  }

  return {
    fetch,
    start(isSure) {
      heardAtMs = clock.monoMs();
      finished = followOn(isSure);
      watch();
    },
    behindMs() {
      const forMs = clock.monoMs() - hadAllAtMs;
      return following !== undefined && forMs < silencesTrusted * silentMsMax ? 0 : forMs;
    },
    hold(held) {
      isHeld = held;
      if (held) following?.pause();
      else following?.resume();
    },
    async stop() {
      isStopped = true;
      cancelWatch();
      end.ring();
      await following?.stop();
      // What waits for a cluster that does not answer does no more harm.
      const rest = Promise.allSettled([finished, fetching]);
      await within(rest, stopMsMax, timers).catch(() => {});
    },
  };
}

function takePage(page: Page, { tail, place: { board } }: Pick<FeedDeps, 'tail' | 'place'>): void {
  for (const record of page) {
    if (record.streamId.startsWith(prefixOf(board))) tail.take(eventOf(record, board));
    else tail.note(record.position);
  }
}

/** Pages behind an event that is missing are of no use. */
function refuseBroken(tail: Tail): void {
  const fault = tail.broken();
  if (fault !== undefined) throw fault;
}
