/**
 * Appends beside raw inserts of the same bytes: one at a time, and 64 in flight. Each is done once
 * without being measured first: V8 compiles our side of it meanwhile, raw SQLite has been compiled.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { EventLog, NewEvent } from '../../src/log/event-log.ts';
import { openLog } from '../disk/open-log.ts';
import { type Benchmark, inFlight, medianOf, percent, type Row, rate, whole } from './measure.ts';
import { ids } from './parts.ts';

const sequentialCount = 5_000;
const inFlightCount = 40_000;
const inFlightMax = 64;

const data = JSON.stringify({ note: 'page 12 of 30', progress: 0.4, coalesced: 0 });
const meta = JSON.stringify({
  actor: { kind: 'worker', id: 'R-0123456789AB' },
  surface: 'cli',
  commandId: '018f2f7e-0000-7000-8000-000000000000',
  $correlationId: 'R-0123456789AB',
  $causationId: '018f2f7e-0000-7000-8000-000000000000',
  at: 1_790_000_000_000,
});

/** Sequential and concurrent appends. */
export const appendBenchmark: Benchmark = {
  name: 'append',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const raws: number[] = [];
    rawInserts(join(directory, 'raw-warm-up.db'));
    const cold = await sequentialAppends(join(directory, 'log-warm-up'));
    say(`first ${whole(sequentialCount)} of the log ${whole(cold)}/s`);
    const ratio = await medianOf(rounds, async (round) => {
      const raw = rawInserts(join(directory, `raw-${round}.db`));
      const ours = await sequentialAppends(join(directory, `log-${round}`));
      raws.push(raw, ours);
      say(`raw ${whole(raw)}/s, log ${whole(ours)}/s`);
      return ours / raw;
    });
    await concurrentAppends(join(directory, 'many-warm-up'));
    const together = await medianOf(rounds, (round) =>
      concurrentAppends(join(directory, `many-${round}`)),
    );
    return [
      {
        what: 'sequential append, FULL, hash chain (share of raw inserts)',
        measured: percent(ratio),
        target: '≥ 60 %',
        isMet: ratio >= 0.6,
        figures: { ratio, coldPerSecond: cold, raw: raws.at(-2) ?? 0, log: raws.at(-1) ?? 0 },
      },
      {
        what: `${inFlightMax} appends in flight, one process`,
        measured: `${whole(together)} events/s`,
        target: '≥ 20,000',
        isMet: together >= 20_000,
        figures: { perSecond: together },
      },
    ];
  },
};

function rawInserts(path: string): number {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE raw (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, id TEXT,
    type TEXT, schema_version INTEGER, data TEXT, meta TEXT, recorded_at INTEGER,
    prev_hash BLOB, hash BLOB)`);
  const insert = db.prepare('INSERT INTO raw VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const hash = Buffer.alloc(32, 7);
  const startedMs = performance.now();
  for (let index = 0; index < sequentialCount; index += 1) {
    const { type, schemaVersion } = event();
    const at = Date.now();
    insert.run(stream(index), 0, ids.commandId(), type, schemaVersion, data, meta, at, hash, hash);
  }
  const perSecond = (sequentialCount * 1_000) / (performance.now() - startedMs);
  db.close();
  return perSecond;
}

async function sequentialAppends(directory: string): Promise<number> {
  const log = await openLog(directory);
  const perSecond = await rate(sequentialCount, async () => {
    for (let index = 0; index < sequentialCount; index += 1) await appendOne(log, index);
  });
  await log.close();
  return perSecond;
}

async function concurrentAppends(directory: string): Promise<number> {
  const log = await openLog(directory);
  const perSecond = await rate(inFlightCount, () =>
    inFlight(inFlightCount, inFlightMax, (index) => appendOne(log, index)),
  );
  await log.close();
  return perSecond;
}

async function appendOne(log: EventLog, index: number): Promise<void> {
  const write = { stream: stream(index), expected: 'no_stream' as const, events: [event()] };
  const result = await log.append([write]);
  if (!result.ok) throw new Error('a benchmark append met a conflict');
}

function stream(index: number): string {
  return `run-R-${index.toString().padStart(12, '0')}`;
}

function event(): NewEvent {
  return { id: ids.commandId(), type: 'HeartbeatRecorded', schemaVersion: 1, data, meta };
}
