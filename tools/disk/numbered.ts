/**
 * Appends that say who they are: which append an event belongs to, and how many events it had. So a
 * log that was found again tells whether an append is there, and whether all of it is.
 */
import type { NewEvent, StoredEvent, StreamWrite } from '../../src/log/event-log.ts';

/** What an append should be like. */
export interface Shape {
  /** Events in it; they go to that many streams of their own kind. Default 1. */
  readonly events?: number;
  /** Length of each event's payload, in bytes. Default 100. */
  readonly bytes?: number;
}

/** The writes of the append called `name`, which must contain neither `/` nor a line end. */
export function numbered(name: string, { events = 1, bytes = 100 }: Shape = {}): StreamWrite[] {
  return Array.from({ length: events }, (_, index) => ({
    stream: `stream-${index}-of-${name.replace(/\d+$/, '')}`,
    expected: 'any' as const,
    events: [eventOf(`${name}/${index}/${events}`, bytes)],
  }));
}

function eventOf(id: string, bytes: number): NewEvent {
  const data = JSON.stringify('x'.repeat(bytes));
  return { id, type: 'SomethingHappened', schemaVersion: 1, data, meta: '{"actor":"somebody"}' };
}

/** The appends that a log holds, and those of which it holds a part only. */
export interface Found {
  readonly whole: ReadonlySet<string>;
  readonly torn: readonly string[];
}

/** Sorts stored events into the appends they came with. */
export function appendsOf(events: readonly StoredEvent[]): Found {
  const counts = new Map<string, { found: number; wanted: number }>();
  for (const { id } of events) {
    const [name = '', , wanted = ''] = id.split('/');
    const found = (counts.get(name)?.found ?? 0) + 1;
    counts.set(name, { found, wanted: Number(wanted) });
  }
  const whole = new Set<string>();
  const torn: string[] = [];
  for (const [name, { found, wanted }] of counts) {
    if (found === wanted) whole.add(name);
    else torn.push(`${name} (${found} of ${wanted})`);
  }
  return { whole, torn };
}
