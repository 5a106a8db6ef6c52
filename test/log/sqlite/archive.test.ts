/** Archiving: rows of closed tasks move into segment files, and nobody who reads can tell. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkInvariants } from '../../../src/app/verify.ts';
import { codec } from '../../../src/log/codec.ts';
import type { StoredEvent } from '../../../src/log/event-log.ts';
import type { SqliteLog } from '../../../src/log/sqlite/open-log.ts';
import { archiveAll, archiveSome } from '../../kit/archive-log.ts';
import { type Beating, beganAtMs, idsOf, writeBeatingRuns } from '../../kit/beating-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { thinAll } from '../../kit/thin-log.ts';
import { appended, everything, write } from '../an-event.ts';
import { openLog, rowsIn, tamper } from './open-for-test.ts';

const longAfterMs = beganAtMs + 30 * 86_400_000;

/** Runs of which the last one goes on, over several ranges of the log. */
const beating: Beating = { runs: 30, beats: 200, isOpen: (run) => run === 29 };

async function beaten(wanted: Beating = beating) {
  const directory = tempDir();
  const log = await openLog(directory);
  await writeBeatingRuns(log, wanted);
  return { directory, log };
}

const isSegmented = ({ type }: StoredEvent) => type === 'LogSegmented';

describe('a log that was archived', () => {
  it('has lost rows of closed streams, which are in files, and says the same', async () => {
    const { log, directory } = await beaten();
    const before = await everything(log);
    const plan = await archiveAll(log, longAfterMs, true);
    expect(existsSync(join(directory, 'segments'))).toBe(false);
    const report = await archiveAll(log, longAfterMs);
    expect(report).toMatchObject({ tasks: 29, events: plan.events, bytes: plan.bytes });
    expect(report.events).toBeGreaterThan(3_900);
    expect(report.segments).toMatchObject([{ file: 'segments/1-4096.db', from: 1, upTo: 4_096 }]);
    expect(readdirSync(join(directory, 'segments'))).toEqual(['1-4096.db']);
    const rows = rowsIn(directory);
    expect(rows).toHaveLength(before.length + 1 - report.events);
    const open = `run-${idsOf(29).runId}`;
    const count = (events: readonly { stream: string }[]) =>
      events.filter(({ stream }) => stream === open).length;
    expect(count(rows)).toBe(count(before));

    const after = await everything(log);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.filter(isSegmented)).toHaveLength(1);
    expect(await archiveAll(log, longAfterMs)).toMatchObject({ events: 0, segments: [] });
  });

  it('verifies, from the beginning and from anywhere, and so do its invariants', async () => {
    const { log } = await beaten();
    await thinAll(log, beganAtMs + 1);
    await archiveAll(log, longAfterMs);
    const head = await log.head();
    for (let from = 1; from <= head.position; from += 311) {
      expect(await log.verifyChain({ from })).toEqual({ problem: undefined, head });
    }
    expect(await checkInvariants({ log, codec })).toEqual([]);
  });

  it('verifies where it was thinned before, and is thinned no more in files', async () => {
    const { log } = await beaten();
    await writeBeatingRuns(log, { runs: 1, beats: 4_000, batch: 'B' });
    await thinAll(log, beganAtMs + 201 * 15_000);
    const before = await everything(log);
    const { events } = await archiveAll(log, beganAtMs + 201 * 15_000);
    expect(events).toBeGreaterThan(50);
    expect((await everything(log)).slice(0, -1)).toEqual(before);
    const head = await log.head();
    expect(await log.verifyChain()).toEqual({ problem: undefined, head });
    await thinAll(log, longAfterMs);
    const after = await log.head();
    expect(await log.verifyChain()).toEqual({ problem: undefined, head: after });
    expect(await checkInvariants({ log, codec })).toEqual([]);
  });

  it('is read the same from every place, both ways, whole and by stream', async () => {
    const { log, directory } = await beaten();
    const all = await everything(log);
    const hashes = await hashesOf(log, all);
    await archiveAll(log, longAfterMs);
    const fresh = await openLog(directory, { mode: 'read' });
    for (const reader of [log, fresh]) await readsAs(reader, all);
    expect(await hashesOf(log, all)).toEqual(hashes);
  });

  it('is read on where long texts end a page, in its files and across their end', async () => {
    const { log } = await beaten();
    const all = await everything(log);
    await archiveAll(log, longAfterMs);
    for (const charsMax of [2_000, 50_000]) {
      const pages: StoredEvent[][] = [];
      for (;;) {
        const after = pages.at(-1)?.at(-1)?.position ?? 0;
        const page = await log.readAll({ after, charsMax });
        if (page.length === 0) break;
        pages.push([...page]);
      }
      expect(pages.flat().slice(0, -1)).toEqual(all);
      expect(pages.length).toBeGreaterThan(15);
    }
  });

  it('tells a reader that begins in the midst of it what stands right before a place', async () => {
    const { log, directory } = await beaten();
    await thinAll(log, beganAtMs + 1);
    const before = await everything(log);
    await archiveAll(log, longAfterMs);
    for (let index = 50; index < before.length; index += 173) {
      const fresh = await openLog(directory);
      const after = before[index]!.position;
      const read = fresh.readAll({ after, direction: 'backward', limit: 1 });
      expect(await read).toEqual([before[index - 1]]);
      await fresh.close();
    }
  });

  it('is thinned behind its segments only, even where beats are still in the log', async () => {
    const { log, directory } = await beaten({ runs: 30, beats: 100 });
    await writeBeatingRuns(log, { runs: 30, beats: 150, batch: 'B' });
    await archiveSome(log, 7_000, (stream) => /-[TR]-B/.test(stream));
    const inSegment = () => rowsIn(directory).filter(({ position }) => position <= 6_144);
    const before = inSegment();
    expect(await thinAll(log, longAfterMs)).toBeGreaterThan(1_000);
    expect(inSegment()).toEqual(before);
    expect((await log.verifyChain()).problem).toBeUndefined();
  });

  it('gets no directory while there is nothing to archive', async () => {
    const { log, directory } = await beaten({ runs: 2, beats: 3 });
    expect(await archiveAll(log, longAfterMs)).toMatchObject({ events: 0, segments: [] });
    expect(existsSync(join(directory, 'segments'))).toBe(false);
  });

  it('leaves files alone that it cannot explain', async () => {
    const { log, directory } = await beaten();
    const other = await beaten();
    await archiveAll(other.log, longAfterMs);
    const foreign = join(directory, 'segments', '1-4096.db');
    cpSync(join(other.directory, 'segments'), join(directory, 'segments'), { recursive: true });
    const bytes = readFileSync(foreign);
    await expect(archiveAll(log, longAfterMs)).rejects.toMatchObject({ code: 'file_exists' });
    expect(readFileSync(foreign).equals(bytes)).toBe(true);
    expect((await log.verifyChain()).problem).toBeUndefined();
  });

  it('takes a program that knows its format', async () => {
    const { log, directory } = await beaten();
    await archiveAll(log, longAfterMs);
    await log.close();
    tamper(directory, (db) => {
      const meta = db.prepare('SELECT format, min_reader, min_writer FROM log_meta').raw().get();
      expect(meta).toEqual([3, 3, 3]);
    });
  });

  it('lets nothing else leave, by mistake or at the wrong moment', async () => {
    const { log, directory } = await beaten();
    await archiveAll(log, longAfterMs);
    await log.close();
    const db = new Database(join(directory, 'log.db'));
    const stays = (where: string) =>
      expect(() => db.exec(`DELETE FROM events WHERE ${where}`)).toThrow('never deleted');
    stays('position = (SELECT min(position) FROM events WHERE position > 1)');
    db.exec('INSERT INTO archiving VALUES (1, 1, 4096)');
    stays("stream = 'board'");
    stays('position > 4096');
    // The last one with a copy: what follows it has none.
    stays(`position <= 4096 AND stream = 'task-${idsOf(3).taskId}'`);
    stays(`stream = 'run-${idsOf(29).runId}' AND version = 5`);
    db.close();
  });

  it('is noticed by a program that has had it open since before', async () => {
    const { log, directory } = await beaten();
    const others = [await openLog(directory), await openLog(directory, { mode: 'read' })];
    const all = await everything(log);
    await archiveAll(log, longAfterMs);
    for (const other of others) await readsAs(other, all);
  });

  it('is noticed by a verification that is on its way', async () => {
    const { log, directory } = await beaten();
    const other = await openLog(directory);
    let archived: Promise<unknown> | undefined;
    const { problem, head } = await log.verifyChain({
      onVerified: async () => {
        archived ??= archiveAll(other, longAfterMs);
        await archived;
      },
    });
    expect(problem).toBeUndefined();
    expect(head.position).toBeGreaterThan(6_000);
  });

  it('goes on: closed tasks take appends, and repeats of old ones are known', async () => {
    const { log } = await beaten();
    const { taskId } = idsOf(3);
    const stream = `task-${taskId}`;
    const old = await log.readStream(stream);
    await archiveAll(log, longAfterMs);
    const repeated = { stream, expected: 'no_stream', events: old.slice(0, 2) } as const;
    expect(await log.append([repeated])).toMatchObject({ ok: true, repeated: true, versions: [1] });
    const any = { stream, expected: 'any', events: old.slice(0, 1) } as const;
    expect(await log.append([any])).toMatchObject({ ok: true, repeated: true, versions: [0] });
    const late = write(stream, 0);
    expect(await log.append([late])).toMatchObject({ ok: false, actual: 2 });
    await appended(log, write(stream, 2, 2));
    expect(await log.readStream(stream)).toMatchObject([...old, { version: 3 }, { version: 4 }]);
    expect((await log.verifyChain()).problem).toBeUndefined();
  });

  it('is archived again: what was closed since leaves the old range as well', async () => {
    const { log, directory } = await beaten({ runs: 30, beats: 200 });
    await writeBeatingRuns(log, { runs: 30, beats: 200, batch: 'B' });
    const before = await everything(log);
    const inBetween = beganAtMs + 200 * 15_000 + 1;
    const closedLater = before.at(-1)!;
    expect(closedLater.type).toBe('TaskCompleted');
    const first = await archiveAll(log, inBetween);
    expect(first.segments.length + (await archiveAll(log, longAfterMs)).segments.length).toBe(1);
    expect((await everything(log)).filter((event) => !isSegmented(event))).toEqual(before);
    await writeBeatingRuns(log, { runs: 20, beats: 300, batch: 'C' });
    const again = await archiveAll(log, longAfterMs);
    expect(again.segments).toMatchObject([{ upTo: expect.any(Number) }]);
    expect(readdirSync(join(directory, 'segments'))).toHaveLength(2);
    const head = await log.head();
    expect(await log.verifyChain()).toEqual({ problem: undefined, head });
  });
});

describe('beside others who do the same, archiving', () => {
  it('happens once, or is refused', async () => {
    const { log, directory } = await beaten();
    const before = await everything(log);
    const other = await openLog(directory);
    const both = await Promise.allSettled(
      [log, other].map((each) => archiveAll(each, longAfterMs)),
    );
    const refused = both.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect(['', 'archiving_disturbed']).toContain(refused.join());
    await archiveAll(log, longAfterMs);
    expect((await everything(log)).filter((event) => !isSegmented(event))).toEqual(before);
    expect((await log.verifyChain()).problem).toBeUndefined();
    expect(readdirSync(join(directory, 'segments'))).toEqual(['1-4096.db']);
  });

  it('is refused when the log is thinned meanwhile, and leaves nothing behind', async () => {
    const { log, directory } = await beaten();
    const other = await openLog(directory);
    const [board] = await log.readStream('board');
    const thinning = { ...board!, id: 'thinning', type: 'LogThinned' };
    let append: Promise<unknown> | undefined;
    const archiving = log.archive({
      isClosed: (stream) => stream !== 'board',
      upTo: 6_000,
      attest: () => board!,
      onProgress: () => {
        append ??= appended(other, { stream: 'board', expected: 'any', events: [thinning] });
      },
    });
    await expect(archiving).rejects.toMatchObject({ code: 'archiving_disturbed', retryable: true });
    expect(readdirSync(join(directory, 'segments'))).toEqual([]);
    await append;
  });
});

describe('in an archived log, damage is found', () => {
  it.each<[string, string, object]>([
    [
      'a row that stayed is not what its copy is',
      `UPDATE events SET data = replace(data, '0', '1') WHERE position =
        (SELECT position FROM events WHERE stream = 'run-${idsOf(29).runId}' AND version = 7)`,
      { kind: 'copy_differs' },
    ],
    ['the log forgets a segment', 'DELETE FROM segments', { kind: 'events_missing', position: 2 }],
    [
      'nothing attests a segment any more',
      `UPDATE events SET type = 'LogSealed' WHERE type = 'LogSegmented'`,
      { kind: 'segment_differs', position: 1 },
    ],
  ])('%s', async (_, sql, problem) => {
    const { log, directory } = await beaten();
    await archiveAll(log, longAfterMs);
    await log.close();
    tamper(directory, (db) => void db.exec(sql));
    const again = await openLog(directory);
    expect((await again.verifyChain()).problem).toMatchObject(problem);
  });

  it('a file is missing: what does not need it goes on, writing too', async () => {
    const { log, directory } = await beaten();
    const all = await everything(log);
    await archiveAll(log, longAfterMs);
    const file = join(directory, 'segments', '1-4096.db');
    renameSync(file, `${file}.elsewhere`);
    const again = await openLog(directory);
    const { problem } = await again.verifyChain();
    expect(problem).toMatchObject({ kind: 'segment_unusable', position: 1 });
    await expect(again.readAll()).rejects.toMatchObject({ code: 'segment_missing' });
    await appended(again, write('task-new', 'no_stream'));
    expect((await again.readAll({ after: 4_096 })).slice(0, 100)).toEqual(all.slice(4_096, 4_196));
    renameSync(`${file}.elsewhere`, file);
    expect((await everything(again)).slice(0, all.length)).toEqual(all);
    expect((await again.verifyChain()).problem).toBeUndefined();
    chmodSync(file, 0o600);
    appendFileSync(file, ' ');
    const longer = { code: 'segment_damaged', message: expect.stringContaining('bytes long') };
    await expect((await openLog(directory)).readAll()).rejects.toMatchObject(longer);
  });

  it.each<[string, number, object]>([
    ['in an event', 0, { kind: 'hash_differs' }],
    ['where no event is', 63, { kind: 'segment_differs', position: 1 }],
  ])('a bit flips in a segment %s, and nothing more leaves for it', async (_, place, problem) => {
    const { log, directory } = await beaten();
    await archiveSome(log, 6_000, (stream) => /-[TR]-A0*1[0-9]$/.test(stream));
    const file = join(directory, 'segments', '1-4096.db');
    const bytes = readFileSync(file);
    const at = place || bytes.indexOf('"title":"A5"') + 10;
    bytes[at]! ^= 1;
    chmodSync(file, 0o600);
    writeFileSync(file, bytes);
    const rows = rowsIn(directory);
    await expect(archiveAll(log, longAfterMs)).rejects.toMatchObject({ code: 'segment_damaged' });
    expect(rowsIn(directory)).toEqual(rows);
    expect((await log.verifyChain()).problem).toMatchObject(problem);
  });
});

async function hashesOf(log: SqliteLog, events: readonly StoredEvent[]) {
  const hashes: unknown[] = [];
  for (const { position } of events.filter((_, index) => index % 97 === 0)) {
    hashes.push([await log.hashAt(position), await log.hashBefore(position)]);
  }
  return hashes;
}

/** Reads a log that holds these events, and perhaps more, in every way there is. */
async function readsAs(log: SqliteLog, all: readonly StoredEvent[]): Promise<void> {
  const last = all.at(-1)!.position;
  for (let after = 1; after < last; after += 397) {
    const limit = 5 + (after % 700);
    const next = all.filter(({ position }) => position > after).slice(0, limit);
    expect((await log.readAll({ after, limit })).filter((e) => e.position <= last)).toEqual(next);
    const page = all.filter(({ position }) => position < after).slice(-limit);
    const found = await log.readAll({ after, limit, direction: 'backward' });
    expect(found).toEqual(page.toReversed());
  }
  for (const run of [0, 7, 29]) {
    const stream = `run-${idsOf(run).runId}`;
    const own = all.filter((event) => event.stream === stream);
    for (const from of [0, 1, 2, 77, 150, 201, 500]) {
      const rest = own.filter(({ version }) => version >= from);
      expect(await log.readStream(stream, { from })).toEqual(rest);
      expect(await log.readStream(stream, { from, limit: 3 })).toEqual(rest.slice(0, 3));
      const first = own.filter(({ version }) => version <= from).toReversed();
      const backward = { from, direction: 'backward' } as const;
      expect(await log.readStream(stream, backward)).toEqual(first);
      expect(await log.readStream(stream, { ...backward, limit: 3 })).toEqual(first.slice(0, 3));
    }
    expect(await log.readStream(stream, { direction: 'backward' })).toEqual(own.toReversed());
  }
  expect(await log.readStream('task-nobody', { direction: 'backward' })).toEqual([]);
  expect(await log.readStream('task-nobody', { direction: 'backward', from: 3 })).toEqual([]);
}
