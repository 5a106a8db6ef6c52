/** A board on a cluster beside the bare client, over the loopback node in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import esdb from '@eventstore/db-client';
import { openProjections } from '../../projections/run.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import type { EventLog, NewEvent } from '../../src/log/event-log.ts';
import { openClusterLog } from '../../src/log/eventstoredb/open.ts';
import { eventsPerLife, writeLives } from './history.ts';
import {
  type Benchmark,
  inFlight,
  median,
  monotonicMs,
  ms,
  percent,
  percentile,
  type Row,
  rate,
  whole,
} from './measure.ts';
import { ids } from './parts.ts';

const sequentialCount = 3_000;
const inFlightCount = 20_000;
const inFlightMax = 64;
const eventCount = 100_000;
const hintCount = 500;

const nodePath = fileURLToPath(new URL('../../test/loopback/main.js', import.meta.url));

const data = { note: 'page 12 of 30', progress: 0.4, coalesced: 0 };
const meta = { actor: { kind: 'worker', id: 'R-0123456789AB' }, surface: 'cli', at: 1 };
const texts = { data: JSON.stringify(data), meta: JSON.stringify(meta) };

/** Appends one after the other and side by side, catching up, and how soon others know. */
export const clusterBenchmark: Benchmark = {
  name: 'cluster',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const node = await startNode();
    try {
      const shares: number[][] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        const bare = await bareRates(node.url, round);
        const ours = await ourRates(node.url, join(directory, `appends-${round}`));
        for (const [index, share] of shares.entries()) share.push(ours[index]! / bare[index]!);
        say(`bare ${bare.map(whole).join(' and ')}/s, log ${ours.map(whole).join(' and ')}/s`);
      }
      const [sequential = [], together = []] = shares;
      const caughtUp = await onFreshNode((url) => catchUp(url, directory, say));
      const delays = await hintDelays(node.url, directory);
      return [
        shareRow('sequential appends to a cluster', sequential),
        shareRow(`${inFlightMax} appends to a cluster in flight`, together),
        {
          what: `a new host folds ${whole(eventCount)} events of a cluster`,
          measured: `${whole(caughtUp)} events/s`,
          target: '≥ 15,000',
          isMet: caughtUp >= 15_000,
          figures: { perSecond: caughtUp },
        },
        {
          what: 'appended on one host, known on another, p95',
          measured: ms(percentile(delays, 0.95)),
          target: '< 10 ms',
          isMet: percentile(delays, 0.95) < 10,
          figures: { p50: percentile(delays, 0.5), p95: percentile(delays, 0.95) },
        },
      ];
    } finally {
      node.end();
    }
  },
};

function shareRow(what: string, shares: readonly number[]): Row {
  const share = median(shares);
  return {
    what: `${what} (share of the bare client)`,
    measured: percent(share),
    target: '≥ 80 %',
    isMet: share >= 0.8,
    figures: { share },
  };
}

/** Reading everything cannot be filtered: a node with nothing but the board on it. */
async function onFreshNode<T>(measure: (url: string) => Promise<T>): Promise<T> {
  const node = await startNode();
  try {
    return await measure(node.url);
  } finally {
    node.end();
  }
}

async function startNode() {
  const child = spawn(process.execPath, [nodePath], { stdio: ['pipe', 'pipe', 'inherit'] });
  const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const { url } = JSON.parse(first.value ?? '');
  return { url: url as string, end: () => child.stdin.end() };
}

async function bareRates(url: string, round: number): Promise<readonly number[]> {
  const client = esdb.EventStoreDBClient.connectionString(url);
  const appendTo = (stream: string) =>
    client.appendToStream(
      `bare.${round}-${stream}`,
      [esdb.jsonEvent({ id: ids.commandId(), type: 'HeartbeatRecorded', data, metadata: meta })],
      { expectedRevision: 'no_stream' },
    );
  const rates = await bothRates(appendTo);
  await client.dispose();
  return rates;
}

async function ourRates(url: string, directory: string): Promise<readonly number[]> {
  const log = await openAt(url, directory);
  const appendTo = (stream: string) =>
    log.append([{ stream, expected: 'no_stream', events: [event()] }]);
  const rates = await bothRates(appendTo);
  await log.close();
  return rates;
}

/** One at a time, then many; the first few are for the compiler. */
async function bothRates(appendTo: (stream: string) => Promise<unknown>) {
  for (let index = 0; index < 200; index += 1) await appendTo(`warm-${index}`);
  const sequential = await rate(sequentialCount, async () => {
    for (let index = 0; index < sequentialCount; index += 1) await appendTo(`one-${index}`);
  });
  const together = await rate(inFlightCount, () =>
    inFlight(inFlightCount, inFlightMax, (index) => appendTo(`many-${index}`)),
  );
  return [sequential, together];
}

/** From nothing to tables, on a host that has never seen the board. */
async function catchUp(url: string, directory: string, say: (line: string) => void) {
  say(`writing ${whole(eventCount)} events`);
  const place = `${url}&board=long`;
  const writer = await openAt(place, join(directory, 'writer'));
  await writeLives(writer, eventCount / eventsPerLife);
  await writer.close();
  const path = join(directory, 'reader');
  const startedMs = monotonicMs();
  const log = await openAt(place, path);
  const fetchedMs = monotonicMs() - startedMs;
  const projections = await openProjections({ log, path, timers: systemTimers });
  await projections.catchUp();
  const tookMs = monotonicMs() - startedMs;
  projections.close();
  await log.close();
  say(`fetched in ${ms(fetchedMs)}, folded in ${ms(tookMs - fetchedMs)}`);
  return (eventCount * 1_000) / tookMs;
}

/** From before the append until the other host has read the event. */
async function hintDelays(url: string, directory: string): Promise<readonly number[]> {
  const place = `${url}&board=hints`;
  const writer = await openAt(place, join(directory, 'here'));
  const reader = await openAt(place, join(directory, 'there'));
  const delays: number[] = [];
  for (let index = 0; index < hintCount; index += 1) {
    const startedMs = monotonicMs();
    const heard = whenReadable(reader, index + 1);
    await writer.append([{ stream: `run-${index}`, expected: 'no_stream', events: [event()] }]);
    await heard;
    delays.push(monotonicMs() - startedMs);
  }
  await writer.close();
  await reader.close();
  return delays;
}

/** Resolves once the event at a position can be read. */
function whenReadable(log: EventLog, position: number): Promise<void> {
  return new Promise((resolve) => {
    const look = async () => {
      if ((await log.head()).position >= position) resolve(stop());
    };
    const stop = log.onHint(() => void look());
  });
}

function openAt(url: string, directory: string) {
  return openClusterLog(url, directory, {
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    newEpoch: () => ids.commandId(),
  });
}

function event(): NewEvent {
  return { id: ids.commandId(), type: 'HeartbeatRecorded', schemaVersion: 1, ...texts };
}
