/** Ids of events, against the library that everybody uses. */
import fc from 'fast-check';
import { v5 } from 'uuid';
import { expect, it } from 'vitest';
import { eventId } from '../../src/app/event-id.ts';

const namespace = '5ad91e1f-4f4e-5f1c-9d3d-2f8b1d0c7a60';

it('an event id is the UUIDv5 of stream, command and index', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, fc.nat(), (stream, commandId, index) => {
      expect(eventId(stream, commandId, index)).toBe(
        v5(`${stream}\n${commandId}\n${index}`, namespace),
      );
    }),
  );
});

it('the id of an event stays what it was in every release', () => {
  expect(eventId('task-T-1', 'a-command', 0)).toBe('41bcaa38-a1f7-585f-a0f0-fef833dfc061');
});
