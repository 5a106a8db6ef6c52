/** Events keep every byte on their way to a cluster and back. */
import type { AllStreamRecordedEvent } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../src/log/event-log.ts';
import { eventOf, propose } from '../../../src/log/eventstoredb/encode.ts';
import { anEvent } from '../an-event.ts';

/** What the client makes of an event on its way there and back. */
function recorded(event: NewEvent): AllStreamRecordedEvent {
  const { data, metadata, contentType, ...rest } = propose(event, 'mine.1');
  const isJson = contentType === 'application/json';
  const through = (value: unknown) => JSON.parse(JSON.stringify(value));
  return {
    ...rest,
    isJson,
    data: isJson ? through(data) : data,
    metadata: through(metadata),
    streamId: 'ops.task-1',
    revision: 3n,
    created: new Date(1_700_000_000_000),
    position: { commit: 5n, prepare: 5n },
  } as AllStreamRecordedEvent;
}

describe('the text of an event comes back as it was', () => {
  const texts = [
    '{"what":"something"}',
    '{"b":1,"a":[null,true,"\u2028é🦜"]}',
    '{ "spaced" : 1 }',
    '{"n":1.0}',
    '{"n":1e400}',
    '{"2":"two","1":"one"}',
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
    '{"logboard":{"schemaVersion":9}}',
    '{"constructor":"x","toJSON":"y"}',
    '[]',
    '"text"',
    'null',
    'no JSON at all',
    '"\\u0000"',
  ];

  it.each(texts)('as payload: %s', (data) => {
    const event = anEvent({ data });
    expect(eventOf(recorded(event), 'ops')).toMatchObject({ ...event, stream: 'task-1' });
  });

  it.each(texts)('as metadata: %s', (meta) => {
    const event = anEvent({ meta, schemaVersion: 4 });
    expect(eventOf(recorded(event), 'ops')).toMatchObject({ ...event, by: 'mine.1' });
  });
});

it('what can stand there as JSON does, for people and other programs', () => {
  const event = anEvent({ meta: '{"actor":{"id":"kai"},"$correlationId":"c"}' });
  expect(propose(event, 'mine.1')).toMatchObject({
    contentType: 'application/json',
    data: { what: 'something' },
    metadata: { actor: { id: 'kai' }, $correlationId: 'c', logboard: { schemaVersion: 1 } },
  });
});

it('what others wrote is an event all the same', () => {
  const foreign = { ...recorded(anEvent()), metadata: undefined };
  expect(eventOf(foreign, 'ops')).toMatchObject({ schemaVersion: 0, by: '', meta: '{}' });
});
