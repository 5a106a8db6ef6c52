/** Ids of events. */
import fc from 'fast-check';
import { v5 } from 'uuid';
import { expect, it } from 'vitest';
import { eventId } from '../../src/app/event-id.ts';

it('the id of an event stays what it was in every release', () => {
  expect(eventId('task-T-1', 'a-command', 0)).toBe('41bcaa38-a1f7-585f-a0f0-fef833dfc061');
});

it('a long name of characters that take three bytes each is named to its end', () => {
  const names = ['a', 'b'].map((end) => eventId(`task-${'€'.repeat(500)}${end}`, 'a-command', 0));
  expect(new Set(names).size).toBe(2);
});

it('another stream, another command and another index make another id', () => {
  const ids = [
    eventId('task-T-1', 'a-command', 0),
    eventId('task-T-2', 'a-command', 0),
    eventId('task-T-1', 'another-command', 0),
    eventId('task-T-1', 'a-command', 1),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

it('the id of an event is the UUIDv5 that everybody makes of stream, command and index', () => {
  const namespace = '5ad91e1f-4f4e-5f1c-9d3d-2f8b1d0c7a60';
  const text = fc.string({ unit: 'binary', maxLength: 600 });
  fc.assert(
    fc.property(text, text, fc.nat(), (stream, commandId, index) => {
      const name = `${stream}\n${commandId}\n${index}`;
      expect(eventId(stream, commandId, index)).toBe(v5(name, namespace));
    }),
  );
});
