/** A row of `dispatchers`, and how one event changes it. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { DispatcherEvent } from '../../src/domain/dispatcher/events.ts';
import type { RecordedPolicy } from '../../src/domain/policy.ts';
import { tableOf } from '../table.ts';

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
  readonly policy: RecordedPolicy;
  readonly startedAtMs: number;
  /** Null while it runs, and when it died without a word. */
  readonly stoppedAtMs: number | null;
  readonly stopReason: string | null;
  /** Version and position of the last event of its stream. */
  readonly version: number;
  readonly position: number;
}

/** Every field of a dispatcher and its column. */
export const dispatcherTable = tableOf<DispatcherRow>('dispatchers', {
  dispatcherId: 'plain',
  host: 'plain',
  bootId: 'plain',
  pid: 'plain',
  startTime: 'plain',
  programVersion: 'plain',
  assignees: 'json',
  policy: 'json',
  startedAtMs: 'plain',
  stoppedAtMs: 'plain',
  stopReason: 'plain',
  version: 'plain',
  position: 'plain',
});

/** The row after an event of the dispatcher's stream. */
export function evolveDispatcherRow(
  row: DispatcherRow | undefined,
  event: Recorded<DispatcherEvent>,
): DispatcherRow {
  const { version, position, meta } = event;
  if (event.type === 'DispatcherStarted') {
    const dispatcherId = streamId(event.stream);
    const { startTime = null } = event.data;
    const running = { startedAtMs: meta.at, stoppedAtMs: null, stopReason: null };
    return { dispatcherId, ...event.data, startTime, ...running, version, position };
  }
  if (row === undefined) throw new Error(`${event.type} before DispatcherStarted`);
  return { ...row, stoppedAtMs: meta.at, stopReason: event.data.reason, version, position };
}
