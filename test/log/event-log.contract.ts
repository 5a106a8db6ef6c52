/**
 * The promises of the log, as a program. Every engine runs it; see `src/log/event-log.ts` for the
 * same list in prose. Uses nothing but the port.
 */
import { describe, expect, it } from 'vitest';
import {
  appendEventsMax,
  type EventLog,
  type ExpectedVersion,
  eventBytesMax,
  nameLengthMax,
  readLimitMax,
  type StreamWrite,
} from '../../src/log/event-log.ts';
import { followPages } from '../../src/log/follow.ts';
import { anEvent, appended, events, everything, write } from './an-event.ts';
import { realPorts } from './real-ports.ts';

/** How the suite reaches an engine. Each harness stands for one log that is empty at first. */
export interface LogHarness {
  open(): Promise<EventLog>;
  /** Another handle on the same log, as another process would have. */
  secondHandle(): Promise<EventLog>;
  /** Closes every handle and opens the log again. */
  reopen(): Promise<EventLog>;
}

/** Runs the contract against one engine; `createHarness` is called once for each test. */
export function describeEventLog(engine: string, createHarness: () => Promise<LogHarness>): void {
  const freshLog = async () => (await createHarness()).open();

  describe(`${engine}: expected versions`, () => {
    it.each<[expected: ExpectedVersion]>([['no_stream'], [-1], ['any']])(
      'a new stream takes an append that expects %s',
      async (expected) => {
        const log = await freshLog();
        const result = await appended(log, write('task-1', expected));
        expect(result).toMatchObject({ versions: [0], repeated: false });
      },
    );

    it.each<[expected: ExpectedVersion]>([[0], [7], ['stream_exists']])(
      'a stream that does not exist refuses an append that expects %s',
      async (expected) => {
        const log = await freshLog();
        const result = await log.append([write('task-1', expected)]);
        expect(result).toEqual({ ok: false, stream: 'task-1', expected, actual: -1 });
        expect(await everything(log)).toEqual([]);
      },
    );

    it.each<[expected: ExpectedVersion]>([[2], ['stream_exists'], ['any']])(
      'a stream of three events takes an append that expects %s',
      async (expected) => {
        const log = await freshLog();
        await appended(log, write('task-1', 'no_stream', 3));
        const result = await appended(log, write('task-1', expected));
        expect(result.versions).toEqual([3]);
      },
    );

    it.each<[expected: ExpectedVersion]>([['no_stream'], [-1], [0], [1], [3], [99]])(
      'a stream of three events refuses an append that expects %s, and says where it stands',
      async (expected) => {
        const log = await freshLog();
        await appended(log, write('task-1', 'no_stream', 3));
        const result = await log.append([write('task-1', expected)]);
        expect(result).toEqual({ ok: false, stream: 'task-1', expected, actual: 2 });
        expect(await log.readStream('task-1')).toHaveLength(3);
      },
    );

    it('of many who expect the same version exactly one wins', async () => {
      const harness = await createHarness();
      const handles = [await harness.open(), await harness.secondHandle()];
      await appended(handles[0]!, write('task-1', 'no_stream'));
      const tries = Array.from({ length: 20 }, (_, index) =>
        handles[index % 2]!.append([write('task-1', 0)]),
      );
      const results = await Promise.all(tries);
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await handles[0]!.readStream('task-1')).toHaveLength(2);
    });

    it('an append behind another one to the same stream sees the version it left', async () => {
      const log = await freshLog();
      const results = await Promise.all([
        log.append([write('task-1', 'no_stream', 2)]),
        log.append([write('task-1', 'no_stream')]),
        log.append([write('task-1', 1)]),
      ]);
      expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    });
  });

  describe(`${engine}: stored events`, () => {
    it('an event is given back as it was appended, with its place', async () => {
      const log = await freshLog();
      const event = anEvent({
        type: 'TaskCreated',
        schemaVersion: 3,
        data: '{"title":"☃ \\u0000"}',
      });
      await appended(log, { stream: 'task-1', expected: 'no_stream', events: [event] });
      const [stored] = await log.readStream('task-1');
      expect(stored).toMatchObject({ ...event, stream: 'task-1', version: 0 });
      expect(stored!.recordedAtMs).toBeGreaterThan(0);
      expect(await log.readAll()).toEqual([stored]);
    });

    it.each(['tâche-é', '任务-一', 'task-🦜', 'task-%00/../x', ' task ', "task-';--"])(
      'a stream may be called "%s"',
      async (stream) => {
        const harness = await createHarness();
        await appended(await harness.open(), write(stream, 'no_stream', 2));
        const log = await harness.reopen();
        expect(await log.readStream(stream)).toMatchObject([
          { stream, version: 0 },
          { stream, version: 1 },
        ]);
      },
    );

    it('names that only look alike are different streams', async () => {
      const log = await freshLog();
      for (const stream of ['task-é', 'task-e\u0301', 'TASK-é', 'task-é ']) {
        await appended(log, write(stream, 'no_stream'));
      }
      expect(await log.readStream('task-é')).toHaveLength(1);
    });

    it('what was appended is there after the log was closed and opened again', async () => {
      const harness = await createHarness();
      const log = await harness.open();
      const { epoch } = log;
      await appended(log, write('task-1', 'no_stream', 3), write('task-2', 'no_stream'));
      const before = await everything(log);
      const head = await log.head();
      const again = await harness.reopen();
      expect(await everything(again)).toEqual(before);
      expect(await again.head()).toEqual(head);
      expect(again.epoch).toBe(epoch);
    });

    it('the head is the last event, and every event has a hash of its own', async () => {
      const log = await freshLog();
      expect(await log.head()).toEqual({ position: 0, hash: '' });
      await appended(log, write('task-1', 'no_stream', 3));
      const all = await everything(log);
      const hashes = await Promise.all(all.map(({ position }) => log.hashAt(position)));
      const { position } = all.at(-1)!;
      expect(await log.head()).toEqual({ position, hash: hashes.at(-1) });
      expect(new Set(hashes).size).toBe(3);
      expect(await log.hashAt(position + 1)).toBeUndefined();
    });

    it('every event but the first was appended to the hash of the one before', async () => {
      const log = await freshLog();
      expect(await log.hashBefore(1)).toBeUndefined();
      await appended(log, write('task-1', 'no_stream', 3));
      expect(await log.hashBefore(1)).toBeDefined();
      for (const position of [2, 3]) {
        expect(await log.hashBefore(position)).toBe(await log.hashAt(position - 1));
      }
      expect(await log.hashBefore(4)).toBeUndefined();
    });
  });

  describe(`${engine}: repeated appends`, () => {
    const shapes: readonly [what: string, write: () => StreamWrite[]][] = [
      ['one event', () => [write('task-1', 0)]],
      ['several events', () => [write('task-1', 0, 4)]],
      ['the first event of a stream', () => [write('task-2', 'no_stream')]],
      ['an event at any version', () => [write('task-1', 'any', 2)]],
      ['an event of a stream that exists', () => [write('task-1', 'stream_exists')]],
      ['several streams', () => [write('task-1', 0, 2), write('task-2', 'no_stream', 2)]],
      ['a guard and an event', () => [write('task-1', 0, 0), write('task-2', 'no_stream')]],
    ];

    it.each(shapes)(
      '%s: the answer is the first one again, nothing is doubled',
      async (_, make) => {
        const harness = await createHarness();
        const log = await harness.open();
        await appended(log, write('task-1', 'no_stream'));
        const writes = make();
        const first = await appended(log, ...writes);
        const stored = await everything(log);
        expect(await log.append(writes)).toEqual({ ...first, repeated: true });
        const again = await harness.reopen();
        expect(await again.append(writes)).toEqual({ ...first, repeated: true });
        expect(await everything(again)).toEqual(stored);
      },
    );

    it.each(shapes)('%s: recognised after others have moved the streams on', async (_, make) => {
      const log = await freshLog();
      await appended(log, write('task-1', 'no_stream'));
      const writes = make();
      const first = await appended(log, ...writes);
      await appended(log, write('task-1', 'any', 3), write('task-2', 'any', 3));
      const stored = await everything(log);
      expect(await log.append(writes)).toEqual({ ...first, repeated: true });
      expect(await everything(log)).toEqual(stored);
    });

    it('an append whose answer was lost is resolved by repeating it', async () => {
      const harness = await createHarness();
      const log = await harness.open();
      const other = await harness.secondHandle();
      const writes = [write('task-1', 'no_stream', 2), write('task-2', 'no_stream')];
      const results = await Promise.all([log.append(writes), other.append(writes)]);
      expect(results.map((result) => result.ok && result.repeated).sort()).toEqual([false, true]);
      expect(await everything(log)).toHaveLength(3);
    });

    it('other events at the same version are a conflict, not a repeat', async () => {
      const log = await freshLog();
      const first = anEvent();
      await appended(log, { stream: 'task-1', expected: 'no_stream', events: [first, anEvent()] });
      const half = { stream: 'task-1', expected: 'no_stream', events: [first, anEvent()] } as const;
      expect(await log.append([half])).toMatchObject({ ok: false, actual: 1 });
      const halfOfAny = { ...half, expected: 'any' } as const;
      expect(await log.append([halfOfAny])).toMatchObject({ ok: false, actual: 1 });
      expect(await everything(log)).toHaveLength(2);
    });

    it('half a repeat: a conflict where appends are atomic, else the rest is stored', async () => {
      const log = await freshLog();
      const stored = write('task-1', 'no_stream');
      await appended(log, stored);
      const result = await log.append([stored, write('task-2', 'no_stream')]);
      expect(result).toMatchObject(
        log.atomic
          ? { ok: false, stream: 'task-1', actual: 0 }
          : { ok: true, versions: [0, 0], repeated: false },
      );
      expect(await log.readStream('task-1')).toHaveLength(1);
      expect(await log.readStream('task-2')).toHaveLength(log.atomic ? 0 : 1);
    });
  });

  describe(`${engine}: several streams at once`, () => {
    it('events of one append stand next to each other, in the order of the writes', async () => {
      const log = await freshLog();
      const result = await appended(log, write('b', 'no_stream', 2), write('a', 'any'));
      const all = await everything(log);
      expect(all.map(({ stream, version }) => [stream, version])).toEqual([
        ['b', 0],
        ['b', 1],
        ['a', 0],
      ]);
      expect(result).toMatchObject({ position: all.at(-1)!.position, versions: [1, 0] });
    });

    it('one write that fails keeps all of them out, or those behind it', async () => {
      const log = await freshLog();
      await appended(log, write('task-2', 'no_stream'));
      const result = await log.append([
        write('task-1', 'no_stream', 2),
        write('task-2', 'no_stream'),
        write('task-3', 'any'),
      ]);
      const conflict = { ok: false, stream: 'task-2', expected: 'no_stream', actual: 0 };
      expect(result).toEqual(log.atomic ? conflict : { ...conflict, storedBefore: 1 });
      expect(await everything(log)).toHaveLength(log.atomic ? 1 : 3);
      expect(await log.readStream('task-3')).toEqual([]);
    });

    it('a first write that does not fit keeps all of them out', async () => {
      const log = await freshLog();
      await appended(log, write('task-2', 'no_stream'));
      const result = await log.append([write('task-2', 'no_stream'), write('task-1', 'any')]);
      expect(result).toEqual({ ok: false, stream: 'task-2', expected: 'no_stream', actual: 0 });
      expect(await everything(log)).toHaveLength(1);
    });

    it('an append that fails does not disturb those beside it', async () => {
      const log = await freshLog();
      const results = await Promise.all([
        log.append([write('task-1', 'no_stream')]),
        log.append([write('task-2', 5)]),
        log.append([write('task-1', 'no_stream'), write('task-3', 'no_stream')]),
        log.append([write('task-4', 'no_stream')]),
      ]);
      expect(results.map(({ ok }) => ok)).toEqual([true, false, false, true]);
      const streams = (await everything(log)).map(({ stream }) => stream);
      expect(streams.sort()).toEqual(['task-1', 'task-4']);
    });
  });

  describe(`${engine}: guards`, () => {
    it.each<[expected: ExpectedVersion, holds: boolean]>([
      [1, true],
      ['stream_exists', true],
      ['any', true],
      [0, false],
      [2, false],
      ['no_stream', false],
    ])('a guard that expects %s of a stream at version 1 holds: %s', async (expected, holds) => {
      const log = await freshLog();
      await appended(log, write('task-1', 'no_stream', 2));
      const guard = { stream: 'task-1', expected, events: [] };
      const result = await log.append([write('task-2', 'no_stream'), guard]);
      expect(result).toMatchObject(
        holds ? { ok: true, versions: [0, 1] } : { ok: false, stream: 'task-1', actual: 1 },
      );
      expect(await log.readStream('task-2')).toHaveLength(holds ? 1 : 0);
      expect(await log.readStream('task-1')).toHaveLength(2);
    });

    it('guards alone answer without storing anything', async () => {
      const log = await freshLog();
      const { position } = await appended(log, write('task-1', 'no_stream'));
      const result = await log.append([{ stream: 'task-1', expected: 0, events: [] }]);
      expect(result).toEqual({ ok: true, position, versions: [0], repeated: false });
      expect(await log.append([{ stream: 'x', expected: 'no_stream', events: [] }])).toMatchObject({
        ok: true,
        versions: [-1],
      });
      expect(await everything(log)).toHaveLength(1);
    });
  });

  describe(`${engine}: pages`, () => {
    it('a stream reads in pages from either end, with exact boundaries', async () => {
      const log = await freshLog();
      await appended(log, write('noise', 'no_stream', 3));
      await appended(log, write('task-1', 'no_stream', 7), write('task-10', 'no_stream', 2));
      const versions = async (options: Parameters<EventLog['readStream']>[1]) =>
        (await log.readStream('task-1', options)).map(({ version }) => version);
      expect(await versions({ limit: 3 })).toEqual([0, 1, 2]);
      expect(await versions({ from: 3, limit: 3 })).toEqual([3, 4, 5]);
      expect(await versions({ from: 6, limit: 3 })).toEqual([6]);
      expect(await versions({ from: 7 })).toEqual([]);
      expect(await versions({ direction: 'backward', limit: 3 })).toEqual([6, 5, 4]);
      expect(await versions({ direction: 'backward', from: 3, limit: 3 })).toEqual([3, 2, 1]);
      expect(await versions({ direction: 'backward', from: 0 })).toEqual([0]);
      expect(await versions({ direction: 'backward', from: 100, limit: 2 })).toEqual([6, 5]);
      expect(await log.readStream('task-2')).toEqual([]);
      expect(await log.readStream('task-2', { direction: 'backward' })).toEqual([]);
    });

    it('the log reads in pages from either end, with exact boundaries', async () => {
      const log = await freshLog();
      await appended(log, write('a', 'no_stream', 3), write('b', 'no_stream', 4));
      const all = await everything(log);
      const at = all.map(({ position }) => position);
      const positions = async (options: Parameters<EventLog['readAll']>[0]) =>
        (await log.readAll(options)).map(({ position }) => position);
      expect(await positions({ limit: 3 })).toEqual(at.slice(0, 3));
      expect(await positions({ after: at[2]!, limit: 3 })).toEqual(at.slice(3, 6));
      expect(await positions({ after: at[5]!, limit: 3 })).toEqual(at.slice(6));
      expect(await positions({ after: at[6]! })).toEqual([]);
      const backward = { direction: 'backward' } as const;
      expect(await positions({ ...backward, limit: 3 })).toEqual(at.slice(4).reverse());
      expect(await positions({ ...backward, after: at[4]!, limit: 3 })).toEqual(
        at.slice(1, 4).reverse(),
      );
      expect(await positions({ ...backward, after: at[0]! })).toEqual([]);
      expect(await positions({ ...backward, after: 0 })).toEqual([]);
    });

    it('a page ends with the event at which texts come to what was asked for', async () => {
      const log = await freshLog();
      const [data, meta] = [JSON.stringify('x'.repeat(1_000)), '{"actor":"somebody"}'];
      const long = () => anEvent({ data, meta });
      const texts = data.length + meta.length;
      await appended(log, write('short', 'no_stream', 3));
      const writes = Array.from({ length: 100 }, long);
      await appended(log, { stream: 'long', expected: 'no_stream', events: writes });
      const all = await everything(log);
      const pageOf = (options: Parameters<EventLog['readAll']>[0]) => log.readAll(options);
      const after = all[2]!.position;
      expect(await pageOf({ after, charsMax: 40 * texts })).toEqual(all.slice(3, 43));
      expect(await pageOf({ after, charsMax: 39 * texts + 1 })).toEqual(all.slice(3, 43));
      expect(await pageOf({ after, charsMax: 1 })).toEqual(all.slice(3, 4));
      expect(await pageOf({ after, charsMax: 40 * texts, limit: 7 })).toEqual(all.slice(3, 10));
      expect(await pageOf({ charsMax: 200 * texts })).toEqual(all);
      expect(await pageOf({ after: all.at(-1)!.position, charsMax: texts })).toEqual([]);
    });

    it('a stream of 10,000 events is read whole, and its end without the rest', async () => {
      const log = await freshLog();
      for (let version = -1; version < 9_999; version += 2_500) {
        await appended(log, write('task-1', version, 2_500));
      }
      const stream = await log.readStream('task-1');
      expect(stream.map(({ version }) => version)).toEqual([...stream.keys()]);
      expect(stream).toHaveLength(10_000);
      const [last] = await log.readStream('task-1', { direction: 'backward', limit: 1 });
      expect(last).toEqual(stream.at(-1));
    });
  });

  describe(`${engine}: readers and writers together`, () => {
    it('positions follow the order of commits: what was read below one never changes', async () => {
      const harness = await createHarness();
      const handles = [await harness.open(), await harness.secondHandle()];
      const reader = await harness.secondHandle();
      const writers = handles.flatMap((log, handle) =>
        [0, 1, 2].map(async (lane) => {
          for (let round = 0; round < 20; round += 1) {
            await appended(log, write(`lane-${handle}-${lane}`, round - 1));
          }
        }),
      );
      const seen: string[] = [];
      let after = 0;
      while (seen.length < 120) {
        const page = await reader.readAll({ after, limit: 7 });
        seen.push(...page.map(({ id }) => id));
        after = page.at(-1)?.position ?? after;
      }
      await Promise.all(writers);
      expect(seen).toEqual((await everything(reader)).map(({ id }) => id));
    });

    it('a listener hears of appends, here and elsewhere, until it stops listening', async () => {
      const harness = await createHarness();
      const log = await harness.open();
      const other = await harness.secondHandle();
      for (const writer of [log, other]) {
        let stop = () => {};
        const heard = new Promise<void>((resolve) => {
          stop = log.onHint(resolve);
        });
        await appended(writer, write('task-1', 'any'));
        await heard;
        stop();
      }
    });

    it('a follower sees every event once and in order even if no hint ever comes', async () => {
      const harness = await createHarness();
      const writer = await harness.open();
      const deaf: EventLog = { ...portOf(await harness.secondHandle()), onHint: () => () => {} };
      await appended(writer, write('early', 'no_stream', 5));
      const seen: string[] = [];
      const pages = followPages(deaf, { ...realPorts, pageSize: 2, reconcileMs: 5 });
      const late = (async () => {
        for (let round = 0; round < 30; round += 1) {
          await appended(writer, write('late', round - 1));
        }
      })();
      for await (const page of pages) {
        seen.push(...page.map(({ id }) => id));
        if (seen.length >= 35) {
          break;
        }
      }
      await late;
      expect(seen).toEqual((await everything(writer)).map(({ id }) => id));
    });
  });

  describe(`${engine}: limits`, () => {
    const tooLarge = anEvent({ data: `"${'x'.repeat(eventBytesMax)}"` });
    const twin = anEvent();
    const broken: readonly [what: string, writes: readonly StreamWrite[]][] = [
      ['no writes', []],
      ['too many events', [write('task-1', 'any', appendEventsMax + 1)]],
      ['an event that is too large', [{ stream: 'a', expected: 'any', events: [tooLarge] }]],
      ['a stream without a name', [write('', 'any')]],
      ['a name that is too long', [write('x'.repeat(nameLengthMax + 1), 'any')]],
      ['a name that is half a character', [write('task-\ud83e', 'any')]],
      ['one stream twice', [write('task-1', 'any'), write('task-1', 'any')]],
      ['one event twice', [{ stream: 'a', expected: 'any', events: [twin, twin] }]],
    ];

    it.each(broken)('%s is a mistake of the program', async (_, writes) => {
      const log = await freshLog();
      await expect(log.append(writes)).rejects.toThrow(RangeError);
      expect(await everything(log)).toEqual([]);
    });

    it.each([0, -1, 1.5, readLimitMax + 1])('a page of %s events is one too', async (limit) => {
      const log = await freshLog();
      await expect(log.readAll({ limit })).rejects.toThrow(RangeError);
      await expect(log.readStream('task-1', { limit })).rejects.toThrow(RangeError);
    });

    it('everything up to the limits is taken', async () => {
      const log = await freshLog();
      const stream = 'x'.repeat(nameLengthMax);
      const large = anEvent({ data: `"${'é'.repeat(eventBytesMax / 2 - 10)}"`, meta: '{}' });
      await appended(log, { stream, expected: 'any', events: [large] });
      await appended(log, { stream: 'many', expected: 'any', events: events(appendEventsMax) });
      expect((await log.readStream(stream))[0]!.data).toBe(large.data);
    });
  });

  describe(`${engine}: closing`, () => {
    it('what was appended before close has its answer, what comes after is refused', async () => {
      const log = await freshLog();
      const pending = [1, 2, 3].map((n) => log.append([write(`task-${n}`, 'no_stream')]));
      await log.close();
      expect((await Promise.all(pending)).every(({ ok }) => ok)).toBe(true);
      await expect(log.append([write('task-4', 'any')])).rejects.toMatchObject({
        code: 'log_closed',
      });
      await expect(log.readAll()).rejects.toMatchObject({ code: 'log_closed' });
      await log.close();
    });

    it('a follower of a log that is closed ends with an error, not in silence', async () => {
      const log = await freshLog();
      const next = followPages(log, { ...realPorts, reconcileMs: 5 }).next();
      const ended = expect(next).rejects.toMatchObject({ code: 'log_closed' });
      await log.close();
      await ended;
    });
  });
}

/** The methods of a log as a plain record, so that one of them can be replaced. */
function portOf(log: EventLog): EventLog {
  return {
    epoch: log.epoch,
    atomic: log.atomic,
    append: (writes) => log.append(writes),
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    head: () => log.head(),
    writingRefused: () => log.writingRefused(),
    hashAt: (position) => log.hashAt(position),
    hashBefore: (position) => log.hashBefore(position),
    onHint: (listener) => log.onHint(listener),
    close: () => log.close(),
  };
}
