/**
 * The page over a board of 5,000 cards and 100,000 events, in a real browser over the real server:
 * how soon it is there, how soon an event is on the screen, and how long a step in the past takes.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { buildBusyBoard, cardCount, eventCount } from './busy-board.ts';
import {
  type BenchContext,
  type Benchmark,
  median,
  ms,
  percentile,
  type Row,
  whole,
} from './measure.ts';
import { type Look, lookAtPage } from './page-look.ts';
import { type PageServer, pageMissing, withPageServer } from './page-server.ts';

const executablePath = '/usr/bin/chromium';
const limits = { firstMs: 1_000, eventMs: 100, stepMs: 32 };
const scriptBytesMax = 200 * 1024;
const heapBytesMax = 256 * 1024 * 1024;

/** First content, events, steps in the past, and what it takes of network and memory. */
export const pageBenchmark: Benchmark = {
  name: 'page',
  async run({ directory, rounds, say }): Promise<readonly Row[]> {
    const missing = existsSync(executablePath) ? pageMissing : `there is no ${executablePath}`;
    if (missing !== undefined) {
      say(`${missing}: nothing was measured`);
      return [];
    }
    say(`writing ${whole(eventCount)} events`);
    await buildBusyBoard(directory);
    return withPageServer(directory, async (server) => {
      const looks = await withBrowser((browser) => lookOften(browser, server, { rounds, say }));
      return [...timesOf(looks), ...sizesOf(looks)];
    });
  },
};

async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

async function lookOften(
  browser: Browser,
  server: PageServer,
  { rounds, say }: Pick<BenchContext, 'rounds' | 'say'>,
): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const look = await lookAtPage(browser, server, round);
    looks.push(look);
    const past = `past opened ${ms(look.openedMs)}, read ${ms(look.readMs)}`;
    say(`first card ${ms(look.firstMs)}, event ${ms(median(look.sent))}, ${past}`);
  }
  return looks;
}

function timesOf(looks: readonly Look[]): readonly Row[] {
  const all = (key: 'sent' | 'acknowledged' | 'near' | 'far') => looks.flatMap((look) => look[key]);
  const first = looks.map(({ firstMs }) => firstMs);
  const openedMs = median(looks.map((look) => look.openedMs));
  const readMs = median(looks.map((look) => look.readMs));
  const acknowledgedP95Ms = percentile(all('acknowledged'), 0.95);
  return [
    {
      what: named('first card on the screen, cold browser'),
      measured: `${ms(median(first))}, worst ${ms(Math.max(...first))}`,
      target: `< ${whole(limits.firstMs)} ms`,
      isMet: median(first) < limits.firstMs,
      figures: { medianMs: median(first), worstMs: Math.max(...first) },
    },
    spread('an event on the screen, from its command', all('sent'), limits.eventMs, {
      acknowledgedP95Ms,
    }),
    spread('slider, steps of one event', all('near'), limits.stepMs, { openedMs, readMs }),
    spread('slider, steps to anywhere', all('far'), limits.stepMs, {}),
  ];
}

function spread(
  what: string,
  times: readonly number[],
  limitMs: number,
  more: Readonly<Record<string, number>>,
): Row {
  const [p50Ms, p95Ms] = [median(times), percentile(times, 0.95)];
  const worstMs = Math.max(...times);
  return {
    what: named(what),
    measured: `p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}, worst ${ms(worstMs)}`,
    target: `p95 < ${limitMs} ms`,
    isMet: p95Ms < limitMs,
    figures: { p50Ms, p95Ms, worstMs, ...more },
  };
}

function sizesOf(looks: readonly Look[]): readonly Row[] {
  const scriptBytes = Math.max(...looks.map((look) => look.scriptBytes));
  const heapBytes = median(looks.map((look) => look.heapBytes));
  const pastHeapBytes = Math.max(...looks.map((look) => look.pastHeapBytes));
  return [
    {
      what: named('JavaScript until the first card, gzipped'),
      measured: `${Math.round(scriptBytes / 1024)} KiB`,
      target: `< ${scriptBytesMax / 1024} KiB`,
      isMet: scriptBytes < scriptBytesMax,
      figures: { scriptBytes },
    },
    {
      what: named('heap of the page, live and after the past was read'),
      measured: `${mebibytes(heapBytes)} and ${mebibytes(pastHeapBytes)}`,
      target: `< ${mebibytes(heapBytesMax)}`,
      isMet: pastHeapBytes < heapBytesMax,
      figures: { heapBytes, pastHeapBytes },
    },
  ];
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / (1024 * 1024))} MiB`;
}

function named(what: string): string {
  return `page, ${whole(cardCount)} cards, ${whole(eventCount)} events: ${what}`;
}
