/** Events and appends for tests that care about the log, not about what is in it. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type {
  Appended,
  EventLog,
  ExpectedVersion,
  NewEvent,
  StoredEvent,
  StreamWrite,
} from '../../src/log/event-log.ts';

/** An event with an id of its own. */
export function anEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    id: randomUUID(),
    type: 'SomethingHappened',
    schemaVersion: 1,
    data: '{"what":"something"}',
    meta: '{"actor":"somebody"}',
    ...overrides,
  };
}

/** That many events. */
export function events(count: number): NewEvent[] {
  return Array.from({ length: count }, () => anEvent());
}

/** One write of new events. */
export function write(stream: string, expected: ExpectedVersion, count = 1): StreamWrite {
  return { stream, expected, events: events(count) };
}

/** Appends and insists that it was taken. */
export async function appended(log: EventLog, ...writes: StreamWrite[]): Promise<Appended> {
  const result = await log.append(writes);
  expect(result).toMatchObject({ ok: true });
  return result as Appended;
}

/** Reads the whole log, page by page. */
export async function everything(log: EventLog, limit = 1_000): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await log.readAll({ after: all.at(-1)?.position ?? 0, limit });
    if (page.length === 0) {
      return all;
    }
    all.push(...page);
  }
}
