/** An event that cannot be folded stops the tables in front of it, and is named. */
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openProjections, type Projections } from '../../projections/run.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { append, comment, onTask } from '../kit/a-history.ts';
import { blocked, claimed, created, taskId } from '../kit/a-task.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { tempDir } from '../kit/temp-dir.ts';

const timers = createFakeClock();
const before = [onTask(created()), comment('Red?'), onTask(blocked)];
const held = { status: 'blocked', commentCount: 1 };
const after = onTask({ type: 'TaskUnblocked', data: {} });

function aLog(): EventLog {
  return createMemoryLog({ clock: { nowMs: () => 0 }, epoch: 'epoch-1' });
}

async function appendRaw(log: EventLog, type: string, data: string): Promise<void> {
  const meta = (await log.readAll()).at(-1)?.meta ?? '';
  const event = { id: crypto.randomUUID(), type, schemaVersion: 1, data, meta };
  await log.append([{ stream: `task-${taskId}`, expected: 'any', events: [event] }]);
}

async function open(log: EventLog, path = ':memory:', pageSize = 500): Promise<Projections> {
  const projections = await openProjections({ log, timers, path, pageSize });
  onTestFinished(() => projections.close());
  return projections;
}

const strangers = [
  ['of a type from the future', 'TaskDreamt', '{}', 'TaskDreamt v1 at position 4'],
  ['of an unknown shape', 'TaskUnblocked', '{"reason":7}', 'TaskUnblocked v1 at position 4'],
  ['that is not JSON', 'TaskUnblocked', '{', 'TaskUnblocked v1 at position 4'],
] as const;

test.each(strangers)('an event %s', async (_what, type, data, named) => {
  for (const pageSize of [1, 2, 500]) {
    const log = aLog();
    await append(log, before);
    await appendRaw(log, type, data);
    await append(log, [after]);
    const projections = await open(log, ':memory:', pageSize);
    await expect(projections.catchUp()).rejects.toThrow(named);
    expect(projections.checkpoint()).toMatchObject({ position: 3, hash: await log.hashAt(3) });
    expect(projections.queries.task(taskId, 0)).toMatchObject(held);
    await expect(projections.catchUp()).rejects.toThrow(named);
  }
});

test('an event that cannot have happened', async () => {
  for (const pageSize of [1, 2, 500]) {
    const log = aLog();
    await append(log, [...before, onTask(claimed(), 'T-0000000002'), after]);
    const projections = await open(log, ':memory:', pageSize);
    const stopped = projections.catchUp();
    await expect(stopped).rejects.toMatchObject({ code: 'projection_stopped', position: 4 });
    await expect(stopped).rejects.toThrow(
      'Cannot fold TaskClaimed at position 4 (task-T-0000000002@0) into the tables: ' +
        'TaskClaimed before TaskCreated',
    );
    expect(projections.checkpoint().position).toBe(3);
    expect(projections.queries.task(taskId, 0)).toMatchObject(held);
    expect(projections.queries.brokenInvariants()).toEqual([]);
  }
});

test('stops a build as well, and leaves no file behind', async () => {
  const [log, path] = [aLog(), tempDir()];
  await append(log, before);
  const projections = await open(log, path);
  await appendRaw(log, 'TaskDreamt', '{}');
  await expect(projections.catchUp()).rejects.toThrow('TaskDreamt');
  const elsewhere = tempDir();
  await expect(open(log, elsewhere)).rejects.toThrow('TaskDreamt');
  expect(readdirSync(elsewhere)).toEqual(['projections.lock']);
});

const damage = [
  ['that is not JSON', 'TaskUnblocked', '{'],
  ['that is nothing', 'TaskCompleted', 'null'],
  ['that lacks what its row must have', 'TaskEdited', '{"changes":{"title":null}}'],
  ['whose row would be of other types', 'TaskReprioritized', '{"priority":"high"}'],
] as const;

test.each(damage)('a build names an event %s', async (_what, type, data) => {
  const [log, path] = [aLog(), tempDir()];
  await append(log, before);
  await appendRaw(log, type, data);
  await append(log, [after]);
  const stopped = open(log, path);
  await expect(stopped).rejects.toMatchObject({ code: 'unreadable_event', position: 4 });
  await expect(stopped).rejects.toThrow(`Cannot read ${type} v1 at position 4`);
  expect(readdirSync(path)).toEqual(['projections.lock']);
});

test('a build names the first event that stops it', async () => {
  const log = aLog();
  await append(log, [...before, onTask(claimed(), 'T-0000000002')]);
  await appendRaw(log, 'TaskUnblocked', '{');
  const stopped = open(log, tempDir());
  await expect(stopped).rejects.toMatchObject({ code: 'projection_stopped', position: 4 });
});
