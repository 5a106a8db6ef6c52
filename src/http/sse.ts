/** Server-sent events: frames, and the stream that carries them to one client at its own pace. */
import type { UnderlyingSource } from 'node:stream/web';
import type { DoorParts } from './door-parts.ts';

/** How long a client may take for what it was sent, in ms. */
const takenWithinMs = 30_000;
/** Silence after which a line is sent that means nothing, in ms: proxies cut silent connections. */
const aliveEveryMs = 15_000;

/** One frame; without a name it is an ordinary message. */
export function frame({ name, id, data }: { name?: string; id?: number; data: unknown }): string {
  const lines = [
    ...(name === undefined ? [] : [`event: ${name}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    `data: ${JSON.stringify(data)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

/** How a stream ends. */
export interface StreamEnds {
  /** Ends it from this side. */
  readonly until: AbortSignal;
  /** Ends its connection, whatever is still to be sent. */
  hangUp(): void;
  /** Nothing more will be sent; may be told more than once. */
  onEnd?(): void;
}

/**
 * A response made of frames. The next frame is asked for when the last one has left: nothing is
 * kept for a client that takes nothing, and one that takes nothing for long is hung up on. The
 * signal the frames are made with is aborted when the client has gone, or `until` is.
 */
export function sseResponse(
  parts: Pick<DoorParts, 'timers' | 'onFault'>,
  makeFrames: (signal: AbortSignal) => AsyncIterable<string>,
  { until, hangUp, onEnd = () => {} }: StreamEnds,
): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, until]);
  const encoder = new TextEncoder();
  const frames = withSignsOfLife(parts, makeFrames(signal));
  let cancelPatience = () => {};
  const endOfFault = (fault: unknown): IteratorReturnResult<undefined> => {
    parts.onFault(fault);
    return { done: true, value: undefined };
  };
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      cancelPatience();
      const { done, value } = await frames.next().catch(endOfFault);
      if (done) {
        onEnd();
        return controller.close();
      }
      controller.enqueue(encoder.encode(value));
      cancelPatience = parts.timers.after(takenWithinMs, () => {
        gone.abort();
        onEnd();
        hangUp();
      });
    },
    cancel() {
      cancelPatience();
      gone.abort();
      onEnd();
    },
  };
  // Nothing is read ahead, and nothing at all for somebody who only asks for the headers.
  const body = new ReadableStream(source, { highWaterMark: 0 });
  return new Response(body, { headers: streamHeaders });
}

/** What is said before the first frame. */
export const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

async function* withSignsOfLife(
  parts: Pick<DoorParts, 'timers'>,
  frames: AsyncIterable<string>,
): AsyncGenerator<string> {
  const source = frames[Symbol.asyncIterator]();
  yield 'retry: 1000\n\n';
  for (let next = source.next(); ; ) {
    const got = await withinMs(parts, next, aliveEveryMs);
    if (got === 'nothing') {
      yield ': still here\n\n';
      continue;
    }
    if (got.done) return;
    yield got.value;
    next = source.next();
  }
}

/** Resolves with `nothing` when a promise takes longer; it may be waited for again. */
function withinMs<T>(
  { timers }: Pick<DoorParts, 'timers'>,
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
