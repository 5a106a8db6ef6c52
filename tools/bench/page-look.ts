/** One look at the page of a busy board: everything that the benchmark measures, once. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { createChance } from '../trial/chance.ts';
import { eventCount } from './busy-board.ts';
import { whole } from './measure.ts';
import {
  clockAheadMs,
  firstCardMs,
  firstScripts,
  heapBytes,
  installProbes,
  nowMs,
  seenAtMs,
  slide,
} from './page-probes.ts';
import { openSignedIn, type PageServer, send, webDirectory } from './page-server.ts';

/** What a look found; times in ms. */
export interface Look {
  /** From the start of the navigation to the frame with the first card. */
  readonly firstMs: number;
  /** JavaScript that was loaded by then, gzipped. */
  readonly scriptBytes: number;
  readonly heapBytes: number;
  /** From before each command was sent to the frame that shows its event. */
  readonly sent: readonly number[];
  /** From its acknowledgement on. */
  readonly acknowledged: readonly number[];
  /** From the start of the navigation to the board of the past. */
  readonly openedMs: number;
  /** The same, until the page has read the whole log. */
  readonly readMs: number;
  /** Steps of a few events, and steps to anywhere. */
  readonly near: readonly number[];
  readonly far: readonly number[];
  /** After all of them. */
  readonly pastHeapBytes: number;
}

/** Commands of one look, and the time between two. */
const commandCount = 120;
const apartMs = 50;
/** From the top of its column: in sight, and on the screen with its first title. */
const renamedPlace = 5;
const stepCount = 40;
/** A page that has asked for no events for so long has read the log. */
const quietMs = 1_500;

/** Looks at the page with a browser that has never seen it. */
export async function lookAtPage(
  browser: Browser,
  server: PageServer,
  round: number,
): Promise<Look> {
  const context = await openSignedIn(browser, server);
  await installProbes(context);
  const page = await context.newPage();
  await page.goto(server.address);
  const firstMs = await firstCardMs(page);
  const scriptBytes = (await firstScripts(page)).reduce((sum, name) => sum + packed(name), 0);
  await page.locator('.freshness.live').waitFor();
  const heap = await heapBytes(page);
  const events = await watchEvents(page, server, round);
  const past = await walkThePast(page, server, round);
  await context.close();
  return { firstMs, scriptBytes, heapBytes: heap, ...events, ...past };
}

function packed(address: string): number {
  const path = join(webDirectory, 'assets', basename(new URL(address).pathname));
  return gzipSync(readFileSync(path)).length;
}

/** New tasks that come first in their column, and other titles for tasks below them, in turn. */
async function watchEvents(page: Page, server: PageServer, round: number) {
  const aheadMs = await clockAheadMs(page);
  const times: { token: string; sentMs: number; answeredMs: number }[] = [];
  const made: string[] = [];
  for (let nth = 0; nth < commandCount; nth += 1) {
    const token = `bench-${round}-${nth}`;
    const priority = 100 + round * commandCount + nth;
    const renamed = nth % 2 === 1 ? made.at(-renamedPlace) : undefined;
    const sentMs = nowMs();
    if (renamed === undefined) {
      const { id } = await send(server, ['POST', '/tasks'], { title: `Made ${token}`, priority });
      made.push(id);
    } else await send(server, ['PATCH', `/tasks/${renamed}`], { title: `Renamed ${token}` });
    times.push({ token, sentMs, answeredMs: nowMs() });
    await pause(Math.max(0, sentMs + apartMs - nowMs()));
  }
  const seen = await seenAtMs(page, `bench-${round}-${commandCount - 1}`);
  const since = (token: string, fromMs: number) => (seen[token] ?? Number.NaN) - aheadMs - fromMs;
  return {
    sent: times.map(({ token, sentMs }) => since(token, sentMs)),
    acknowledged: times.map(({ token, answeredMs }) => since(token, answeredMs)),
  };
}

/** Steps to the next events, and to anywhere, once the page has read the whole log. */
async function walkThePast(page: Page, { address }: PageServer, round: number) {
  const chance = createChance(round);
  const beganMs = nowMs();
  const heard = hearRequests(page, /\/events\?after=/);
  await page.goto(`${address}/?at=${eventCount}`);
  await page.getByText(`#${whole(eventCount)} of`).waitFor();
  const openedMs = nowMs() - beganMs;
  while (nowMs() - heard.lastMs() < quietMs) await pause(quietMs / 10);
  const readMs = heard.lastMs() - beganMs;
  const start = chance.whole(stepCount, eventCount - stepCount);
  await slide(page, [start]);
  const near = await slide(
    page,
    Array.from({ length: stepCount }, (_, nth) => start + turn(nth)),
  );
  const anywhere = Array.from({ length: stepCount }, () => chance.whole(1, eventCount));
  const far = await slide(page, anywhere);
  return { openedMs, readMs, near, far, pastHeapBytes: await heapBytes(page) };
}

/** One event on, and on, and then back again. */
function turn(nth: number): number {
  return nth < stepCount / 2 ? nth + 1 : stepCount - nth - 1;
}

/** When a page has last asked for such an address, UTC ms. */
function hearRequests(page: Page, pattern: RegExp): { lastMs(): number } {
  let lastMs = nowMs();
  page.on('request', (request) => {
    if (pattern.test(request.url())) lastMs = nowMs();
  });
  return { lastMs: () => lastMs };
}
