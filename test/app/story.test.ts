/** A story of tasks: what happened, and among it what only the clock did. */
import { describe, expect, test } from 'vitest';
import { readStory } from '../../src/app/story.ts';
import type { PastReader } from '../../src/app/task-past.ts';
import { atTime, type Line, onRun, onTask, recorded } from '../kit/a-history.ts';
import { beat, opened, started } from '../kit/a-run.ts';
import { claimed, created, runId, taskId } from '../kit/a-task.ts';
import { questionsAbout } from '../kit/projection-given.ts';

const ttlMs = 60_000;
const minute = 60_000;
const lines: readonly Line[] = [
  atTime(0, onTask(created({ notBeforeMs: minute }))),
  atTime(2 * minute, onTask(claimed({ ttlMs }))),
  atTime(2 * minute, onRun(opened({ ttlMs }))),
  atTime(2 * minute, onRun(started)),
  atTime(5 * minute, onRun(beat())),
];
const events = recorded(lines);
const reader: PastReader = {
  stream: async () => [],
  task: async (id) => ({ taskId: id, events }),
};

/** Types of the entries, with the minute they happened at. */
async function told(filter: object = {}, span?: { fromAtMs: number; toAtMs: number }) {
  const source = { reader, queries: questionsAbout(...lines), nowMs: 8 * minute };
  const rows = await readStory(source, { limit: 100, minImportance: 2, ...filter }, span);
  return rows.map(({ type, atMs }) => `${type} ${atMs / minute}`);
}

describe('a story', () => {
  test('has what the clock did at its time, among the events', async () => {
    expect(await told()).toEqual([
      ...['TaskCreated 0', 'came_due 1', 'TaskClaimed 2', 'WorkerStarted 2'],
      ...['became_suspect 3', 'showed_life 5', 'became_suspect 6'],
    ]);
  });

  test('keeps to the moments asked for, whatever event the clock went on from', async () => {
    const span = { fromAtMs: 2.5 * minute, toAtMs: 5.5 * minute };

    expect(await told({ afterPosition: 4, beforePosition: 6 }, span)).toEqual([
      ...['became_suspect 3', 'showed_life 5'],
    ]);
  });

  test('tells only the kinds, the weight and the run that were asked for', async () => {
    expect(await told({ minImportance: 3 })).toEqual(['became_suspect 3', 'became_suspect 6']);
    expect(await told({ kinds: ['came_due'] })).toEqual(['came_due 1']);
    expect(await told({ kinds: ['became_suspect'], runId })).toHaveLength(2);
    expect(await told({ kinds: ['TaskClaimed'], taskIds: [taskId] })).toEqual(['TaskClaimed 2']);
  });

  test('has the latest when there is more than was asked for', async () => {
    expect(await told({ limit: 2 })).toEqual(['showed_life 5', 'became_suspect 6']);
  });
});
