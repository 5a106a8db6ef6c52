/**
 * Events as they happen: the position is the id, so whoever comes back goes on where it was. A
 * client that was up to date and then stays far behind is told to start over.
 */
import { codec } from '../log/codec.ts';
import type { Position } from '../log/event-log.ts';
import { recordedJson } from '../wire/recorded-json.ts';
import type { DoorParts } from './door-parts.ts';
import { frame } from './sse.ts';
import { type EventFilter, isWanted } from './wanted-events.ts';

/** How far a client that was up to date may fall behind, in events. */
const behindMax = 10_000;

/** What to stream. */
export interface StreamWanted extends EventFilter {
  /** Begins after this place. */
  readonly after: Position;
}

/**
 * The frames of the events that are wanted, until the signal. After each page a frame `position`
 * says how far it went, although nothing in it may have been wanted; `resync` is the last one of a
 * client that is too slow.
 */
export async function* eventFrames(
  { board, follow }: DoorParts,
  wanted: StreamWanted,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let isUpToDate = false;
  for await (const page of follow(wanted.after, signal)) {
    const last = page.at(-1)?.position ?? wanted.after;
    const { position: head } = await board.log.head();
    const data = { position: last, head };
    if (isUpToDate && head - last > behindMax) {
      yield frame({ name: 'resync', id: last, data });
      return;
    }
    isUpToDate ||= head === last;
    await board.projections.waitFor(last);
    const { queries } = board.projections;
    for (const event of page) {
      if (!isWanted(event, wanted, queries)) continue;
      yield frame({ id: event.position, data: recordedJson(event, codec) });
    }
    yield frame({ name: 'position', id: last, data });
  }
}
