/** A row of `dispatchers`, and how one event changes it. */
import type { BoardEvent } from '../../src/domain/board/events.ts';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { DispatcherEvent } from '../../src/domain/dispatcher/events.ts';
import type { RecordedPolicy } from '../../src/domain/policy.ts';
import { tableOf } from '../table.ts';

/** What changes a row: its own stream, and what it says of its policy in the board's. */
export type RowEvent = DispatcherEvent | Extract<BoardEvent, { type: 'PolicyChanged' }>;

/** A dispatcher, with the policy it acts by. Times are wall clock, UTC ms. */
export interface DispatcherRow {
  readonly dispatcherId: string;
  readonly host: string;
  readonly bootId: string;
  readonly pid: number;
  /** Of its process, in clock ticks since boot; null where it did not say. */
  readonly startTime: string | null;
  readonly programVersion: string;
  /** Whom it starts workers for. */
  readonly assignees: readonly string[];
  /** Of those whose definition says so: how many at once, and what its host lacks for them. */
  readonly workers: NonNullable<Started['workers']>;
  readonly policy: RecordedPolicy;
  /** Position of the event that said so last: `DispatcherStarted`, or `PolicyChanged`. */
  readonly policyPosition: number;
  readonly startedAtMs: number;
  /** Null while it runs, and when it died without a word. */
  readonly stoppedAtMs: number | null;
  readonly stopReason: string | null;
  /** Version and position of the last event of its stream. */
  readonly version: number;
  readonly position: number;
}

type Started = Extract<DispatcherEvent, { type: 'DispatcherStarted' }>['data'];

/** Every field of a dispatcher and its column. */
export const dispatcherTable = tableOf<DispatcherRow>('dispatchers', {
  dispatcherId: 'plain',
  host: 'plain',
  bootId: 'plain',
  pid: 'plain',
  startTime: 'plain',
  programVersion: 'plain',
  assignees: 'json',
  workers: 'json',
  policy: 'json',
  policyPosition: 'plain',
  startedAtMs: 'plain',
  stoppedAtMs: 'plain',
  stopReason: 'plain',
  version: 'plain',
  position: 'plain',
});

/** Whom an event is about; undefined for a policy that is no dispatcher's. */
export function dispatcherOf(event: Recorded<RowEvent>): string | undefined {
  return event.type === 'PolicyChanged' ? event.data.dispatcher?.id : streamId(event.stream);
}

/** The row after an event about the dispatcher. */
export function evolveDispatcherRow(
  row: DispatcherRow | undefined,
  event: Recorded<RowEvent>,
): DispatcherRow {
  const { version, position, meta } = event;
  if (event.type === 'DispatcherStarted') {
    const dispatcherId = streamId(event.stream);
    const { startTime = null } = event.data;
    const running = { startedAtMs: meta.at, stoppedAtMs: null, stopReason: null };
    const acting = { workers: event.data.workers ?? {}, policyPosition: position };
    const recorded = { ...event.data, startTime, ...acting };
    return { dispatcherId, ...recorded, ...running, version, position };
  }
  if (row === undefined) throw new Error(`${event.type} before DispatcherStarted`);
  if (event.type === 'PolicyChanged') {
    const { policy, dispatcher } = event.data;
    const { assignees = [], workers = {} } = dispatcher ?? {};
    return { ...row, assignees, workers, policy, policyPosition: position };
  }
  return { ...row, stoppedAtMs: meta.at, stopReason: event.data.reason, version, position };
}
