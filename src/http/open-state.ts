/** What an open door remembers from one request to the next. */
import { type AnsweredNews, createAnsweredNews } from './answered.ts';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import type { DoorParts } from './door-parts.ts';
import type { Listened } from './listen.ts';
import { createLiveEvents, type LiveEvents } from './live-events.ts';
import type { Metrics } from './metrics.ts';
import { createOnceCodes } from './once-codes.ts';
import { isOverTls } from './origins.ts';
import { createQueueNews, type QueueNews } from './queue-news.ts';
import { createRepeats } from './repeats.ts';
import { createStreamSlots, type StreamSlots } from './stream-slots.ts';

/** What all requests share while the door is open. */
export interface OpenState {
  readonly authenticate: Authenticate;
  readonly codes: ReturnType<typeof createOnceCodes>;
  /** What to open in a browser; undefined behind a socket file. */
  readonly page: string | undefined;
  /** Name of the cookie; other boards on this host have other ports, and other names. */
  readonly cookie: string;
  /** Whether a browser came over TLS, through a proxy, and may keep its cookie to that. */
  isOverTls(request: Request): boolean;
  /** Aborted when the door closes: streams end. */
  readonly closing: AbortSignal;
  /** What happens, for all who follow it. */
  readonly live: LiveEvents;
  /** Answers the same request again like the first. */
  readonly once: ReturnType<typeof createRepeats>;
  /** Wakes those who wait for work. */
  readonly queueNews: QueueNews;
  /** Tasks that somebody is claiming through this door at this moment. */
  readonly beingClaimed: Set<string>;
  /** The places for streams. */
  readonly streams: StreamSlots;
  /** Tells the figures of every request. */
  readonly answered: AnsweredNews;
  /** The figures for monitoring: counted from the first time on. */
  readonly metrics: () => Promise<Metrics>;
}

/** The state of a door that listens there, until `closing`. */
export function openState(
  parts: DoorParts,
  { port, origins, page }: Pick<Listened, 'port' | 'origins' | 'page'>,
  closing: AbortSignal,
): OpenState {
  const cookie = port === undefined ? 'logboard' : `logboard_${port}`;
  const authenticate = createAuthenticate(parts, cookie);
  const [answered, streams] = [createAnsweredNews(), createStreamSlots()];
  let counting: Promise<Metrics> | undefined;
  const metrics = () => {
    counting ??= import('./metrics.ts').then(({ createMetrics }) => {
      return createMetrics(parts, { answered, streams }, closing);
    });
    return counting;
  };
  const codes = createOnceCodes(parts);
  const news = {
    live: createLiveEvents(parts, closing),
    queueNews: createQueueNews(parts, closing),
  };
  const beingClaimed = new Set<string>();
  const once = createRepeats(parts);
  const atPage = { page: port === undefined ? undefined : page };
  const known = { ...atPage, authenticate, codes, cookie, closing, once, beingClaimed };
  const overTls = { isOverTls: (request: Request) => isOverTls(origins, request) };
  return { ...known, ...overTls, ...news, streams, answered, metrics };
}
