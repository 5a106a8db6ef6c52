/**
 * Events as they happen: the position is the id, so whoever comes back goes on where it was. A
 * client that was up to date and then stays far behind is told to start over.
 */
import type { Position } from '../log/event-log.ts';
import type { LiveEvents } from './live-events.ts';
import { frame } from './sse.ts';
import { type EventFilter, isWanted } from './wanted-events.ts';

/** How far a client that was up to date may fall behind, in events. */
const behindMax = 10_000;

/**
 * Frames are sent together up to this many characters: few writes for a client that takes all, and
 * little that is held for one that takes nothing. The latest frames are held once for all.
 */
const pieceChars = 65_536;

/** What to stream. */
export interface StreamWanted extends EventFilter {
  /** Begins after this place. */
  readonly after: Position;
}

/**
 * The frames of the events that are wanted, until the signal. A frame `position` says how far it
 * went where the last event was not wanted, and when all of the past has been sent; `resync` is the
 * last one of a client that is too slow.
 */
export async function* eventFrames(
  live: LiveEvents,
  wanted: StreamWanted,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let isUpToDate = false;
  let cursor = wanted.after;
  for (;;) {
    const batch = await live.after(cursor, signal);
    if (batch === undefined) return;
    const { events, last, head } = batch;
    const position = { id: last, data: { position: last, head } };
    if (isUpToDate && head - last > behindMax) {
      yield frame({ name: 'resync', ...position });
      return;
    }
    const sent = events.filter((event) => isWanted(event, wanted));
    const isAtEnd: boolean = !isUpToDate && head === last;
    const saysWhere = isAtEnd || sent.at(-1)?.position !== last;
    const texts = sent.map(({ text }) => text);
    yield* inPieces(saysWhere ? [...texts, frame({ name: 'position', ...position })] : texts);
    isUpToDate ||= isAtEnd;
    cursor = last;
  }
}

function* inPieces(frames: readonly string[]): Generator<string> {
  let piece = '';
  for (const text of frames) {
    piece += text;
    if (piece.length < pieceChars) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
