/** Where the past comes from: boards as they were, and pages of the log. */
import { type BoardDocument, snapshotOf } from '../api/board-document.ts';
import type { Answer, Ask } from '../api/client.ts';
import type { LoggedEvent } from '../state/logged.ts';
import { type Block, blockSize, type Keyframe } from '../state/past-reel.ts';

/** Reads of the past. */
export interface PastSource {
  board(position: number): Promise<Answer<Keyframe>>;
  /** The events after a position, as many as belong together; thinned beats are put back. */
  events(after: number): Promise<Answer<Block>>;
}

/** The past as the server tells it. */
export function createPastSource(ask: Ask): PastSource {
  return {
    async board(position) {
      const answer = await ask<BoardDocument>(`/board?archived=true&at=${position}`);
      if (!answer.ok) return answer;
      const document = answer.value;
      const keyframe = { snapshot: snapshotOf(document), atMs: Date.parse(document.at) };
      return { ...answer, value: keyframe };
    },
    async events(after) {
      const path = `/events?after=${after}&limit=${blockSize}&unthinned=true`;
      const answer = await ask<EventsDocument>(path);
      return answer.ok ? { ...answer, value: blockOf(answer.value) } : answer;
    },
  };
}

interface EventsDocument {
  readonly events: readonly LoggedEvent[];
  /** The end of the log, and so of a page that is not full. */
  readonly head: number;
}

function blockOf({ events, head }: EventsDocument): Block {
  const isFull = events.length >= blockSize;
  return { events, upTo: isFull ? (events.at(-1)?.position ?? head) : head };
}
