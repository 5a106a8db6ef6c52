/** The catalogue of events and the names of streams. */
import { describe, expect, it } from 'vitest';
import { boardEvents } from '../../src/domain/board/events.ts';
import { catalogue, categories, streamId, streams } from '../../src/domain/catalogue.ts';
import { dispatcherEvents } from '../../src/domain/dispatcher/events.ts';
import { noteEvents } from '../../src/domain/note/events.ts';
import { refusedEvents } from '../../src/domain/refused/events.ts';
import { runEvents } from '../../src/domain/run/events.ts';
import { taskEvents } from '../../src/domain/task/events.ts';

describe('the catalogue', () => {
  it('has every event of every room, and no name twice', () => {
    const rooms = [taskEvents, runEvents, noteEvents, boardEvents, dispatcherEvents, refusedEvents];
    const names = rooms.flatMap((room) => Object.keys(room));
    expect(new Set(names).size).toBe(names.length);
    expect(names.sort()).toEqual(Object.keys(catalogue).sort());
  });
});

describe('a stream', () => {
  it('is called by its category and its id, which can be read off again', () => {
    const id = 'T-0123456789';
    for (const category of categories) {
      const stream = category === 'board' ? streams.board : streams[category](id);
      expect(stream.split('-', 1)[0]).toBe(category);
      expect(streamId(stream)).toBe(category === 'board' ? '' : id);
    }
  });
});
