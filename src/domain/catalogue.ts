/** All events of the board in one place, and the streams they live in. */
import { type BoardEvent, boardEvents } from './board/events.ts';
import { type DispatcherEvent, dispatcherEvents } from './dispatcher/events.ts';
import type { EventMeta, Upcasters } from './event.ts';
import { type NoteEvent, noteEvents } from './note/events.ts';
import { type RefusedEvent, refusedEvents } from './refused/events.ts';
import { type RunEvent, runEvents } from './run/events.ts';
import { runUpcasters } from './run/upcast.ts';
import { type TaskEvent, taskEvents } from './task/events.ts';
import { taskUpcasters } from './task/upcast.ts';

export { type Category, categories, streamId, streams } from './streams.ts';

/** Every event type with its current schema version and schema. */
export const catalogue = {
  ...taskEvents,
  ...runEvents,
  ...noteEvents,
  ...boardEvents,
  ...dispatcherEvents,
  ...refusedEvents,
} as const;

/** How payloads of older schema versions become current ones. */
export const upcasters: Upcasters = { ...taskUpcasters, ...runUpcasters };

/** Any event of any stream. */
export type BoardDomainEvent =
  | TaskEvent
  | RunEvent
  | NoteEvent
  | BoardEvent
  | DispatcherEvent
  | RefusedEvent;
/** The name of any event. */
export type EventType = BoardDomainEvent['type'];

/** Where an event stands in the log, and its envelope. */
export interface Place {
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly position: number;
  readonly meta: EventMeta;
}

/** A domain event with its place in the log. */
export type Recorded<E = BoardDomainEvent> = E & Place;
