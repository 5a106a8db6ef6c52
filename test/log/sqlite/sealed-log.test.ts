/** An embedded log whose text is encrypted: above it nobody notices, below it nobody can read. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codec } from '../../../src/log/codec.ts';
import type { NewEvent } from '../../../src/log/event-log.ts';
import { isSealed } from '../../../src/log/sealing/envelope.ts';
import { createSealer } from '../../../src/log/sealing/sealer.ts';
import { createKeyStore, type KeyStore } from '../../../src/log/sqlite/key-store.ts';
import { waitingOn } from '../../../src/log/sqlite/sqlite-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, appended } from '../an-event.ts';
import { describeEventLog } from '../event-log.contract.ts';
import { realPorts } from '../real-ports.ts';
import { openLog } from './open-for-test.ts';

const taskId = 'T-0A1B2C3D4E';
const task = `task-${taskId}`;
const run = 'run-R-0A1B2C3D4E5F';
const secret = 'Anna Meier is ill';

const sealing = { randomBytes };

function open(directory: string, encrypt?: boolean) {
  return openLog(directory, { encrypt }, sealing);
}

function keysIn(directory: string): KeyStore {
  const machine = { waiting: waitingOn(realPorts), timers: realPorts.timers, randomBytes };
  const keys = createKeyStore(directory, machine, { mode: 'write' });
  onTestFinished(() => keys.close());
  return keys;
}

function created(title = secret): NewEvent {
  return anEvent({ type: 'TaskCreated', data: JSON.stringify({ title, createdBy: 'kai' }) });
}

function beat(note = secret): NewEvent {
  return anEvent({ type: 'HeartbeatRecorded', data: JSON.stringify({ note, coalesced: 0 }) });
}

const opened = anEvent({ type: 'RunOpened', data: JSON.stringify({ taskId, attempt: 1 }) });

/** The files of the directory in which a text stands. */
function filesWith(directory: string, text: string | Buffer): readonly string[] {
  return readdirSync(directory).filter((file) =>
    readFileSync(join(directory, file)).includes(text),
  );
}

describeEventLog('sqlite, encrypting', async () => {
  const directory = tempDir();
  let handles: Awaited<ReturnType<typeof open>>[] = [];
  const another = async () => {
    const log = await open(directory, true);
    handles.push(log);
    return log;
  };
  return {
    open: another,
    secondHandle: another,
    async reopen() {
      await Promise.all(handles.map((log) => log.close()));
      handles = [];
      return another();
    },
  };
});

describe('a task that is created while text is encrypted', () => {
  test('is read as it was written, and stands in no file', async () => {
    const directory = tempDir();
    const log = await open(directory, true);
    const events = [created()];

    await appended(log, { stream: task, expected: 'no_stream', events });

    expect(await log.readStream(task)).toMatchObject(events);
    expect(await log.readAll()).toMatchObject(events);
    expect(filesWith(directory, secret)).toEqual([]);
    expect((await log.verifyChain()).problem).toBeUndefined();
  });

  test('keeps its comments and its runs to itself, whoever writes them', async () => {
    const directory = tempDir();
    const creating = await open(directory, true);
    await appended(creating, { stream: task, expected: 'no_stream', events: [created()] });
    await appended(creating, { stream: run, expected: 'no_stream', events: [opened] });
    // A worker with no configuration, in a process of its own.
    const working = await open(directory);

    await appended(working, { stream: run, expected: 0, events: [beat()] });
    const comment = anEvent({ type: 'CommentAdded', data: JSON.stringify({ body: secret }) });
    await appended(working, { stream: `note-${taskId}`, expected: 'any', events: [comment] });

    expect(filesWith(directory, secret)).toEqual([]);
    expect((await creating.readAll()).filter(({ data }) => data.includes(secret))).toHaveLength(3);
  });

  test('is stored in the same bytes when its append is repeated', async () => {
    const directory = tempDir();
    const log = await open(directory, true);
    const write = { stream: task, expected: 'no_stream' as const, events: [created()] };
    await appended(log, write);
    const [stored] = await log.readStream(task, { asStored: true });
    const keys = keysIn(directory);
    const noLog = { firstOf: async () => undefined, patiently: async <T>(read: () => T) => read() };

    const [again] = await createSealer(keys).seal([write], noLog);

    expect(again?.events[0]?.data).toBe(stored?.data);
    expect(await log.append([write])).toMatchObject({ ok: true, repeated: true });
    expect(keys.counts()).toEqual({ held: 1, forgotten: 0 });
  });

  test('stays encrypted when it is switched off, and those that follow are not', async () => {
    const directory = tempDir();
    const on = await open(directory, true);
    await appended(on, { stream: task, expected: 'no_stream', events: [created()] });
    await on.close();
    const off = await open(directory, false);
    const other = { stream: 'task-T-0000000000', expected: 'no_stream' as const };
    await appended(off, { ...other, events: [created('Paint the hull')] });
    const edit = anEvent({
      type: 'TaskEdited',
      data: JSON.stringify({ changes: { body: secret, priority: 1 } }),
    });

    await appended(off, { stream: task, expected: 0, events: [edit] });

    const stored = await off.readAll({ asStored: true });
    expect(stored.map(isSealed)).toEqual([true, false, true]);
    expect((await off.readAll()).map(({ data }) => data)).toEqual([
      expect.stringContaining(secret),
      expect.stringContaining('Paint the hull'),
      edit.data,
    ]);
  });

  test('shares its commit of keys with others of the same moment', async () => {
    const directory = tempDir();
    const log = await open(directory, true);
    const ids = Array.from({ length: 50 }, (_, n) => `task-T-${String(n).padStart(10, '0')}`);

    await Promise.all(
      ids.map((stream) => appended(log, { stream, expected: 'no_stream', events: [created()] })),
    );

    expect(keysIn(directory).counts()).toEqual({ held: 50, forgotten: 0 });
    expect(filesWith(directory, secret)).toEqual([]);
  });
});

describe('a task that was created in plain text', () => {
  test('stays so: half an encrypted task could not be forgotten', async () => {
    const directory = tempDir();
    const log = await open(directory);
    await appended(log, { stream: task, expected: 'no_stream', events: [created()] });
    await log.close();
    const encrypting = await open(directory, true);
    const write = { stream: task, expected: 0, events: [anEvent({ type: 'TaskArchived' })] };

    await appended(encrypting, write);
    await encrypting.append([{ stream: task, expected: 'no_stream', events: [created()] }]);

    expect(keysIn(directory).keyOf(taskId)).toEqual({ is: 'none' });
    expect((await encrypting.readAll({ asStored: true })).some(isSealed)).toBe(false);
  });

  test('needs no key store', async () => {
    const directory = tempDir();
    const log = await open(directory);
    await appended(log, { stream: task, expected: 'no_stream', events: [created()] });

    expect(readdirSync(directory)).not.toContain('keys.db');
  });
});

describe('when the keys are lost', () => {
  async function withoutKeys() {
    const directory = tempDir();
    const before = await open(directory, true);
    await appended(before, { stream: task, expected: 'no_stream', events: [created()] });
    await appended(before, { stream: run, expected: 'no_stream', events: [opened] });
    await before.close();
    for (const file of readdirSync(directory)) {
      if (file.startsWith('keys.db')) rmSync(join(directory, file));
    }
    return directory;
  }

  test('reading says so, and does not call it forgotten', async () => {
    const log = await open(await withoutKeys());

    await expect(log.readStream(task)).rejects.toMatchObject({
      name: 'KeyMissing',
      code: 'key_missing',
      message: expect.stringContaining(taskId),
    });
    expect(log.writingRefused()).toBeUndefined();
  });

  test.each([
    ['with a new, empty store', true],
    ['with none', undefined],
  ])('nothing is written about the task in plain text, %s', async (_, encrypt) => {
    const directory = await withoutKeys();
    const log = await open(directory, encrypt);

    const append = log.append([{ stream: run, expected: 0, events: [beat()] }]);

    await expect(append).rejects.toMatchObject({ code: 'key_missing' });
    expect(filesWith(directory, secret)).toEqual([]);
  });
});

describe('when a key was destroyed', () => {
  async function forgotten() {
    const directory = tempDir();
    const log = await open(directory, true);
    await appended(log, { stream: task, expected: 'no_stream', events: [created()] });
    await appended(log, { stream: run, expected: 'no_stream', events: [opened] });
    const keys = keysIn(directory);
    const state = keys.keyOf(taskId);
    await keys.beginForgetting(taskId, 1);
    await keys.destroyKey(taskId, 2);
    return { directory, log, keys, key: state.is === 'held' ? state.key : undefined };
  }

  test('its bytes are in no file, and whoever has the log open reads nothing more', async () => {
    const { directory, log, key } = await forgotten();

    const [event] = await log.readStream(task);

    expect(JSON.parse(event!.data)).toEqual({ title: '[forgotten]', createdBy: 'kai' });
    for (const half of [key!.subarray(0, 32), key!.subarray(32)]) {
      expect(filesWith(directory, half)).toEqual([]);
    }
    expect((await log.verifyChain()).problem).toBeUndefined();
  });

  test('what is written about the task afterwards is kept without its text', async () => {
    const { directory, log } = await forgotten();

    await appended(log, { stream: run, expected: 0, events: [beat()] });

    const last = (await log.readStream(run)).at(-1);
    expect(JSON.parse(last!.data)).toEqual({ note: '[forgotten]', coalesced: 0 });
    expect(filesWith(directory, secret)).toEqual([]);
  });

  test('it is not made again, and how far the forgetting came is known', async () => {
    const { keys } = await forgotten();

    await keys.makeKeys([taskId]);

    expect(keys.keyOf(taskId)).toEqual({ is: 'forgotten' });
    const begun = { taskId, beganAtMs: 1, destroyedAtMs: 2 };
    expect(keys.forgettings()).toEqual([{ ...begun, finishedAtMs: null }]);
    await keys.finishForgetting(taskId, 3);
    expect(keys.forgettings()).toEqual([{ ...begun, finishedAtMs: 3 }]);
    expect(keys.counts()).toEqual({ held: 0, forgotten: 1 });
  });
});

test('a log opened without keys says what its text is, instead of calling it damaged', async () => {
  const directory = tempDir();
  const log = await open(directory, true);
  await appended(log, {
    stream: task,
    expected: 'no_stream',
    events: [created()],
  });
  const [stored] = await log.readAll({ asStored: true });

  expect(() => codec.decode(stored!)).toThrow(/its text is encrypted, and was read without keys/);
});
