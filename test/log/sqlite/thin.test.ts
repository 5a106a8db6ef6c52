/** Thinning: beats of ended runs go, everything else stays and is proved; damage is still seen. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openProjections } from '../../../projections/run.ts';
import { checkInvariants } from '../../../src/app/verify.ts';
import type { Recorded } from '../../../src/domain/catalogue.ts';
import type { RunEvent } from '../../../src/domain/run/events.ts';
import { evolveRun, type RunState } from '../../../src/domain/run/state.ts';
import { codec } from '../../../src/log/codec.ts';
import type { StoredEvent } from '../../../src/log/event-log.ts';
import { createEventHasher } from '../../../src/log/sqlite/hash-chain.ts';
import type { SqliteLog } from '../../../src/log/sqlite/open-log.ts';
import { unpackBeats } from '../../../src/log/thinned-beats.ts';
import { thinLog } from '../../../src/main/thin.ts';
import { verifyBoard } from '../../../src/main/verify.ts';
import { type Beating, beganAtMs, idsOf, writeBeatingRuns } from '../../kit/beating-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { openLog, tamper } from './open-for-test.ts';

const caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;
const longAfterMs = beganAtMs + 86_400_000;

/** Thins what ended before a moment; answers how many beats that were. */
async function thin(log: SqliteLog, endedBeforeMs = longAfterMs, dryRun = false) {
  const wanted = { endedBeforeMs, dryRun, caller, nowMs: longAfterMs };
  return thinLog(log, wanted, realPorts.newEpoch, () => {});
}

const [firstRun, otherRun, openRun] = [0, 1, 2].map((index) => `run-${idsOf(index).runId}`) as [
  string,
  string,
  string,
];

/** Three runs, of which the last one goes on, over several ranges of the log. */
const beating: Beating = { runs: 3, beats: 1_000, isOpen: (run) => run === 2 };

async function beaten(wanted: Beating = beating) {
  const directory = tempDir();
  const log = await openLog(directory);
  await writeBeatingRuns(log, wanted);
  return { directory, log };
}

async function problemsOf(log: SqliteLog, directory: string) {
  const board = { log, timers: realPorts.timers, path: directory };
  const report = await verifyBoard(
    { ...board, isOnCluster: false },
    { nowMs: longAfterMs },
    () => {},
  );
  return report.refused ? [report] : report.problems;
}

/** Every row of every table, as a program would find them. */
async function tablesOf(log: SqliteLog): Promise<string> {
  const directory = tempDir();
  const projections = await openProjections({ log, path: directory, timers: realPorts.timers });
  await projections.catchUp();
  const { queries } = projections;
  const tasks = [0, 1, 2].map((index) => idsOf(index).taskId);
  const rows = tasks.map((id) => [queries.task(id, longAfterMs), queries.runs(id)]);
  const timeline = queries.timeline({ limit: 1_000 });
  projections.close();
  return JSON.stringify([rows, timeline]);
}

/** A run as its own events tell it. */
async function folded(log: SqliteLog, stream: string): Promise<RunState> {
  let state: RunState;
  for (const stored of await log.readStream(stream)) {
    const event = codec.decode(stored) as Recorded<RunEvent>;
    state = evolveRun(state, event, event.meta);
  }
  return state;
}

const isBeat = ({ type }: StoredEvent) => type === 'HeartbeatRecorded';

describe('a log that was thinned', () => {
  it.each([1, 900, 2_300])(
    'is no damage to a verification that has come as far as position %i',
    async (position) => {
      const { directory, log } = await beaten();
      const other = await openLog(directory);
      let isThinned = false;
      const { problem } = await log.verifyChain({
        async onVerified(events) {
          if (isThinned || (events.at(-1)?.position ?? 0) < position) return;
          isThinned = true;
          expect((await thin(other)).beats).toBeGreaterThan(1_900);
        },
      });
      expect(problem).toBeUndefined();
      expect((await log.verifyChain()).problem).toBeUndefined();
      await other.close();
    },
  );

  it('has lost beats of ended runs and nothing else, and says so', async () => {
    const { log } = await beaten();
    const before = await everything(log);
    const { beats, runs, ranges } = await thin(log);
    expect({ beats, runs }).toEqual({ beats: expect.any(Number), runs: 2 });
    expect(beats).toBeGreaterThan(2 * 1_000 - 2 * 3 - ranges);
    const after = await everything(log);
    const positions = new Set(after.map(({ position }) => position));
    const gone = before.filter(({ position }) => !positions.has(position));
    expect(gone).toHaveLength(beats);
    expect(gone.every((event) => isBeat(event) && event.stream !== openRun)).toBe(true);
    expect(after.filter(({ type }) => type === 'LogThinned')).toHaveLength(ranges);
    expect(await thin(log)).toMatchObject({ beats: 0 });
  });

  it('keeps of each beat where it stood and when it was', async () => {
    const { log } = await beaten();
    const before = (await everything(log)).filter(isBeat);
    await thin(log);
    const after = await everything(log);
    const kept = after.flatMap(({ type, data }) =>
      type === 'LogThinned' ? unpackBeats(JSON.parse(data).beats) : [],
    );
    const told = kept.flatMap(({ runId, beats }) =>
      beats.map((beat) => ({ stream: `run-${runId}`, ...beat })),
    );
    const positions = new Set(told.map(({ position }) => position));
    const expected = before.flatMap((event) => {
      const { stream, position, version, meta } = event;
      const atMs = JSON.parse(meta).at;
      return positions.has(position) ? [{ stream, position, version, atMs, coalesced: 0 }] : [];
    });
    const byPosition = (one: { position: number }, other: { position: number }) =>
      one.position - other.position;
    expect(told.sort(byPosition)).toEqual(expected);
  });

  it('verifies, from the beginning and from anywhere, and so do its invariants', async () => {
    const { log, directory } = await beaten();
    await thin(log);
    expect(await problemsOf(log, directory)).toEqual([]);
    const head = await log.head();
    for (let from = 1; from <= head.position; from += 311) {
      expect(await log.verifyChain({ from })).toEqual({ problem: undefined, head });
    }
    expect(await checkInvariants({ log, codec })).toEqual([]);
  });

  it('is read the same from every place, both ways, whole and by stream', async () => {
    const { log } = await beaten();
    await thin(log);
    const all = await everything(log);
    for (let after = 1; after < all.at(-1)!.position; after += 197) {
      const next = all.filter(({ position }) => position > after).slice(0, 5);
      expect(await log.readAll({ after, limit: 5 })).toEqual(next);
      const last = all.filter(({ position }) => position < after).slice(-5);
      expect(await log.readAll({ after, limit: 5, direction: 'backward' })).toEqual(
        last.toReversed(),
      );
    }
    const run = all.filter(({ stream }) => stream === firstRun);
    for (const from of [0, 1, 2, 700, 1_001]) {
      const rest = run.filter(({ version }) => version >= from);
      expect(await log.readStream(firstRun, { from })).toEqual(rest);
      const first = run.filter(({ version }) => version <= from);
      expect(await log.readStream(firstRun, { from, direction: 'backward' })).toEqual(
        first.toReversed(),
      );
    }
  });

  it.each<[string, Beating['says']]>([
    ['say nothing', () => ({})],
    ['grow', (beat) => ({ note: `page ${beat}`, progress: beat / 100 })],
    [
      'change and change back',
      (beat) => ({ note: beat < 20 ? 'a' : `${beat % 2}`, progress: 0.5 }),
    ],
    ['return to what they were', (beat) => ({ progress: beat === 40 ? 0.6 : 0.5 })],
    [
      'return to what another said that stays',
      (beat) => ({ ...(beat === 10 ? { note: 'x' } : {}), progress: beat === 40 ? 0.6 : 0.5 }),
    ],
    ['say one thing each', (beat) => (beat % 2 ? { note: `${beat}` } : { progress: beat / 100 })],
  ])('folds to the rows it had, if its beats %s', async (_, says) => {
    const { log } = await beaten({ runs: 3, beats: 60, says: says! });
    const [rows, run] = [await tablesOf(log), await folded(log, firstRun)];
    expect((await thin(log)).beats).toBeGreaterThan(150);
    expect(await tablesOf(log)).toBe(rows);
    expect(await folded(log, firstRun)).toEqual(run);
  });

  it('is thinned again when more runs have ended, whose beats stand between', async () => {
    const { log, directory } = await beaten();
    await writeBeatingRuns(log, { runs: 1, beats: 700, batch: 'B' });
    await thin(log, beganAtMs + 700 * 15_000 + 1);
    const middle = await everything(log);
    expect(middle.filter(({ stream }) => stream === firstRun)).toHaveLength(1_002);
    await thin(log);
    const after = await everything(log);
    expect(after.filter(isBeat).length).toBeLessThan(1_020);
    expect(await problemsOf(log, directory)).toEqual([]);
  });

  it('goes on: appends, repeats and followers find what they expect', async () => {
    const { log, directory } = await beaten();
    const { position } = await log.head();
    const another = await openLog(directory);
    await another.readAll({ limit: 10 });
    await thin(log);
    const repeat = write('task-new', 'no_stream');
    await appended(another, repeat);
    expect(await another.append([repeat])).toMatchObject({ ok: true, repeated: true });
    expect((await everything(another)).at(-1)!.stream).toBe('task-new');
    expect((await log.head()).position).toBeGreaterThan(position);
  });

  it('is only counted in a dry run', async () => {
    const { log } = await beaten();
    const head = await log.head();
    const { beats } = await thin(log, longAfterMs, true);
    expect(beats).toBeGreaterThan(1_900);
    expect(await log.head()).toEqual(head);
  });

  it('is not opened by a program that knows nothing of gaps', async () => {
    const { directory, log } = await beaten();
    const formats = () => {
      const db = new Database(join(directory, 'log.db'), { readonly: true });
      const meta = db.prepare('SELECT format, min_reader, min_writer FROM log_meta').raw().get();
      db.close();
      return meta;
    };
    expect(formats()).toEqual([1, 1, 1]);
    await thin(log);
    expect(formats()).toEqual([2, 2, 2]);
  });
});

describe('in a thinned log, damage is found', () => {
  const someBeat = `(SELECT min(position) FROM events WHERE type = 'HeartbeatRecorded'
    AND stream = '${openRun}' AND position > 2100)`;

  it.each([
    ['one more beat is gone', `DELETE FROM events WHERE position = ${someBeat}`],
    [
      'an event beside a gap is changed',
      `UPDATE events SET data = '{}' WHERE position = ${someBeat}`,
    ],
    [
      'the hash before it is changed',
      `UPDATE events SET prev_hash = zeroblob(32) WHERE position = ${someBeat}`,
    ],
    [
      'the event that attests it is gone',
      `DELETE FROM events WHERE position = (SELECT min(position) FROM events
        WHERE type = 'LogThinned')`,
    ],
    [
      'what attests it is changed',
      `UPDATE events SET data = replace(data, 'digest":"', 'digest":"0')
        WHERE type = 'LogThinned'`,
    ],
    [
      'a beat is put back',
      `INSERT INTO events SELECT ${someBeat} - 1, '${otherRun}', 900, id || 'x', type,
        schema_version, data, meta, recorded_at, prev_hash, hash FROM events
        WHERE position = ${someBeat}`,
    ],
  ])('%s', async (_, sql) => {
    const { directory, log } = await beaten();
    await thin(log);
    await log.close();
    tamper(directory, (db) => void db.exec(sql));
    const again = await openLog(directory);
    expect((await again.verifyChain()).problem).toBeDefined();
  });

  it('an event between two gaps, which no other hash ties down, too', async () => {
    const says = (beat: number) => (beat === 505 ? { note: 'first coat' } : {});
    const { directory, log } = await beaten({ runs: 1, beats: 1_000, says });
    await thin(log);
    const alone = (await everything(log)).find(({ data }) => data.includes('first coat'))!;
    expect(await log.hashAt(alone.position - 1)).toBeUndefined();
    expect(await log.hashAt(alone.position + 1)).toBeUndefined();
    const before = Buffer.from((await log.hashBefore(alone.position))!, 'hex');
    await log.close();
    const other = { ...alone, data: alone.data.replace('coat', 'hole') };
    const hash = createEventHasher()(before, other, other);
    tamper(directory, (db) => {
      db.prepare('UPDATE events SET data = ?, hash = ? WHERE position = ?').run(
        other.data,
        hash,
        other.position,
      );
    });
    const again = await openLog(directory);
    expect((await again.verifyChain()).problem).toMatchObject({ kind: 'thinning_differs' });
  });

  it('also by readers, who meet a gap that nobody attests', async () => {
    const { directory, log } = await beaten();
    await thin(log);
    await log.close();
    tamper(directory, (db) => void db.exec(`DELETE FROM events WHERE position = ${someBeat}`));
    const again = await openLog(directory);
    await expect(everything(again)).rejects.toMatchObject({ code: 'log_damaged' });
    await expect(again.readStream(openRun)).rejects.toMatchObject({ code: 'log_damaged' });
  });

  it('and nobody deletes a row by mistake, beat or not', async () => {
    const { directory, log } = await beaten();
    await thin(log);
    const db = new Database(join(directory, 'log.db'));
    expect(() => db.exec('DELETE FROM events')).toThrow('events are never deleted');
    db.close();
  });
});
