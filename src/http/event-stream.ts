/**
 * Events as they happen, as server-sent events: the position is the id, so whoever comes back goes
 * on where it was. Nothing is kept for anybody: the next page is read when the last one has left,
 * and a client that stays far behind is told to start over.
 */
import { codec } from '../log/codec.ts';
import type { Position, StoredEvent } from '../log/event-log.ts';
import { recordedJson } from '../wire/recorded-json.ts';
import type { DoorParts } from './door-parts.ts';
import { type EventFilter, isWanted } from './wanted-events.ts';

/** Silence after which a line is sent that means nothing, in ms: proxies cut silent connections. */
const aliveEveryMs = 15_000;
/** How long a client may take for what it was sent, in ms. */
const takenWithinMs = 30_000;
/** How far a client that was up to date may fall behind, in events. */
const behindMax = 10_000;

/** What to stream. */
export interface StreamWanted extends EventFilter {
  /** Begins after this place. */
  readonly after: Position;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/** The response that goes on until the client goes, the signal is aborted, or it is too slow. */
export function eventStream(parts: DoorParts, wanted: StreamWanted): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, wanted.signal]);
  const encoder = new TextEncoder();
  const frames = framesOf(parts, { ...wanted, signal });
  let cancelPatience = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        cancelPatience();
        const { done, value } = await frames.next();
        if (done) return controller.close();
        controller.enqueue(encoder.encode(value));
        cancelPatience = parts.timers.after(takenWithinMs, () => {
          gone.abort();
          controller.error(new Error('The client takes nothing any more.'));
        });
      },
      cancel() {
        cancelPatience();
        gone.abort();
      },
    },
    // Nothing is read ahead, and nothing at all for somebody who only asks for the headers.
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: streamHeaders });
}

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

async function* framesOf(parts: DoorParts, wanted: StreamWanted): AsyncGenerator<string> {
  const { board } = parts;
  const pages = parts.follow(wanted.after, wanted.signal)[Symbol.asyncIterator]();
  let isUpToDate = false;
  let next = pages.next();
  yield 'retry: 1000\n\n';
  for (;;) {
    const page = await withinMs(parts, next, aliveEveryMs);
    if (page === 'nothing') {
      yield ': still here\n\n';
      continue;
    }
    if (page.done) return;
    const last = page.value.at(-1)?.position ?? wanted.after;
    const { position: head } = await board.log.head();
    if (isUpToDate && head - last > behindMax) {
      yield frame('resync', last, { position: last, head });
      return gone(pages);
    }
    isUpToDate ||= head === last;
    await board.projections.waitFor(last);
    const { queries } = board.projections;
    for (const event of page.value) {
      if (isWanted(event, wanted, queries)) yield eventFrame(event);
    }
    yield frame('position', last, { position: last, head });
    next = pages.next();
  }
}

/** The end of a page says how far it went, although nothing in it may have been wanted. */
function frame(name: string, id: Position, data: unknown): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

function eventFrame(event: StoredEvent): string {
  return `id: ${event.position}\ndata: ${JSON.stringify(recordedJson(event, codec))}\n\n`;
}

async function gone(pages: AsyncIterator<unknown>): Promise<void> {
  await pages.return?.();
}

/** Resolves with `nothing` when a promise takes longer; it may be waited for again. */
function withinMs<T>(
  { timers }: DoorParts,
  promise: Promise<T>,
  ms: number,
): Promise<T | 'nothing'> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => resolve('nothing'), 'background');
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
