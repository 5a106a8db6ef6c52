/** What-if on logs whose beats were thinned out: it must not matter. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type WhatIf, whatIf } from '../../src/app/what-if.ts';
import { cutLog } from '../../src/log/cut.ts';
import type { EventLog, LogReader, StoredEvent, StreamWrite } from '../../src/log/event-log.ts';
import { pagesOf } from '../../src/log/pages.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { type Beating, beganAtMs, writeBeatingRuns } from '../kit/beating-log.ts';
import { simulatedLog } from '../kit/simulated-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { thinAll } from '../kit/thin-log.ts';
import { openLog } from '../log/sqlite/open-for-test.ts';

const minuteMs = 60_000;
const longAfterMs = beganAtMs + 10 * 365 * 24 * 60 * minuteMs;

const axes = [
  { key: 'claimTtlMs', values: [1_000, 16_000, minuteMs, 10 * minuteMs, 60 * minuteMs] },
  { key: 'staleAfterMs', values: [0, 20_000, 5 * minuteMs, 20 * minuteMs] },
  { key: 'maxSilentMs', values: [10_000, 10 * minuteMs] },
] as const;

const ask = (log: SqliteLog | EventLog) => whatIf({ log, nowMs: () => longAfterMs }, { axes });

/** The answers before and after a thinning. */
async function bothOf(log: SqliteLog): Promise<{ before: WhatIf; beats: number; after: WhatIf }> {
  const before = await ask(log);
  const beats = await thinAll(log, longAfterMs);
  return { before, beats, after: await ask(log) };
}

async function beaten(beating: Beating): Promise<SqliteLog> {
  const log = await openLog(tempDir());
  await writeBeatingRuns(log, beating);
  return log;
}

/** Stores the events of a log in another one, in their order. */
async function copyInto(log: EventLog, from: LogReader): Promise<void> {
  let writes: { stream: string; expected: 'any'; events: StoredEvent[] }[] = [];
  const flush = async () => {
    if (writes.length > 0) await log.append(writes satisfies StreamWrite[]);
    writes = [];
  };
  for await (const page of pagesOf(from)) {
    for (const event of page) {
      const { stream } = event;
      const last = writes.at(-1);
      if (last?.stream === stream) last.events.push(event);
      else {
        if (writes.some((write) => write.stream === stream)) await flush();
        writes.push({ stream, expected: 'any', events: [event] });
      }
    }
  }
  await flush();
}

test('runs are judged as if nothing had been taken out', async () => {
  const pauses = fc.array(fc.constantFrom(0, 0, 0, 90_000, 20 * minuteMs), { minLength: 1 });
  const beating = fc.record({
    runs: fc.integer({ min: 1, max: 4 }),
    beats: fc.integer({ min: 20, max: 800 }),
    pauses,
    open: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(beating, async ({ runs, beats, pauses: each, open }) => {
      const pauseMs = (beat: number) => each[beat % each.length]!;
      const log = await beaten({ runs, beats, pauseMs, isOpen: (run) => run === open });
      const { before, beats: gone, after } = await bothOf(log);
      expect(gone).toBeGreaterThan(0);
      expect(after).toEqual(before);
      expect(after.unknowns.thinned).toBe(0);
    }),
    { numRuns: 25 },
  );
}, 120_000);

test('and so are those of a fleet to which everything happens', async () => {
  let gone = 0;
  for (let seed = 1; seed <= 6; seed += 1) {
    const log = await openLog(tempDir());
    await copyInto(log, await simulatedLog({ seed, sizes: { tasks: 30 } }));
    const { before, beats, after } = await bothOf(log);
    gone += beats;
    expect(after, `seed ${seed}`).toEqual(before);
  }
  expect(gone).toBeGreaterThan(50);
}, 120_000);

test('a window that begins amid beats that are gone is judged like before', async () => {
  const log = await beaten({ runs: 2, beats: 1_500, pauseMs: (beat) => (beat % 7) * minuteMs });
  const { position: from } = await log.head();
  await writeBeatingRuns(log, { runs: 2, beats: 1_500, batch: 'B' });
  const inWindow = () => whatIf({ log, nowMs: () => longAfterMs }, { axes, from: from - 5 });
  const before = await inWindow();
  expect(await thinAll(log, longAfterMs)).toBeGreaterThan(5_000);

  expect(before.runs).toBe(2);
  expect(await inWindow()).toEqual(before);
});

test('where the times are out of sight, the longest silence is all there is', async () => {
  const log = await beaten({ runs: 2, beats: 100 });
  const { position } = await log.head();
  await thinAll(log, longAfterMs);

  expect((await ask(log)).unknowns.thinned).toBe(0);
  expect((await ask(cutLog(log, position))).unknowns.thinned).toBe(2);
});
