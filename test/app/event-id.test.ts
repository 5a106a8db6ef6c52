/** Ids of events. */
import { expect, it } from 'vitest';
import { eventId } from '../../src/app/event-id.ts';

it('the id of an event stays what it was in every release', () => {
  expect(eventId('task-T-1', 'a-command', 0)).toBe('41bcaa38-a1f7-585f-a0f0-fef833dfc061');
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
