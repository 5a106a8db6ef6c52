/**
 * What measures inside the page: programs as text, because they run in the browser. A moment counts
 * when the frame that shows it has been made: layout and paint are behind it.
 */
import type { BrowserContext, Page } from 'playwright-core';

const installed = `
const probe = (globalThis.probe = { firstCardMs: 0, seenAtMs: {} });
probe.drawn = (then) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => then(performance.now());
  port2.postMessage(0);
};
probe.afterFrame = (then) => requestAnimationFrame(() => probe.drawn(then));
const seen = (text) => {
  for (const [token] of text.matchAll(/bench-[\\d-]+/g)) {
    if (token in probe.seenAtMs) continue;
    probe.seenAtMs[token] = 0;
    probe.afterFrame((nowMs) => (probe.seenAtMs[token] = performance.timeOrigin + nowMs));
  }
};
new MutationObserver((changes, observer) => {
  if (document.querySelector('.card .title') === null) return;
  observer.disconnect();
  probe.afterFrame((nowMs) => (probe.firstCardMs = nowMs));
  new MutationObserver((later) => {
    for (const { type, target, addedNodes } of later) {
      if (type === 'characterData') seen(target.data);
      for (const node of addedNodes) seen(node.textContent ?? '');
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
}).observe(document, { childList: true, subtree: true });
`;

/** Puts the probes into every page of a browser. */
export async function installProbes(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: installed });
}

/** When the first card was on the screen, in ms from the start of the navigation. */
export async function firstCardMs(page: Page): Promise<number> {
  return until<number>(page, 'probe.firstCardMs');
}

/** The scripts that were there when the first card was, by address. */
export async function firstScripts(page: Page): Promise<readonly string[]> {
  const asked = `performance.getEntriesByType('resource')
    .filter(({ name, startTime }) => name.endsWith('.js') && startTime < probe.firstCardMs)
    .map(({ name }) => name)`;
  return (await page.evaluate(asked)) as readonly string[];
}

/** When texts like `bench-0-7` were on the screen, in UTC ms, as soon as the last one is. */
export async function seenAtMs(
  page: Page,
  last: string,
): Promise<Readonly<Record<string, number>>> {
  await until(page, `probe.seenAtMs['${last}']`);
  return (await page.evaluate('probe.seenAtMs')) as Readonly<Record<string, number>>;
}

/** Waits until something is more than nothing; the policy of the page forbids playwright's way. */
async function until<T>(page: Page, what: string): Promise<T> {
  const look = `new Promise((resolve) => {
    const look = () => (${what} ? resolve(${what}) : setTimeout(look, 20));
    look();
  })`;
  return (await page.evaluate(look)) as T;
}

/** So much is the clock of the page ahead of ours, in ms: the answer that came back soonest. */
export async function clockAheadMs(page: Page): Promise<number> {
  let [best, aheadMs] = [Number.POSITIVE_INFINITY, 0];
  for (let look = 0; look < 30; look += 1) {
    const before = nowMs();
    const there = (await page.evaluate('performance.timeOrigin + performance.now()')) as number;
    const took = nowMs() - before;
    if (took < best) [best, aheadMs] = [took, there - before - took / 2];
  }
  return aheadMs;
}

/** UTC ms, as fine as the clock of a page. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Bytes of JavaScript objects that are in use. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** A board that has stood still for so long is there. */
const calmMs = 120;

/**
 * Moves the slider of the past to each position in turn, as a hand does: at the begin of a frame.
 * Answers how long each took, in ms: until the frame that says the position, or the last one after
 * it in which the board has changed.
 */
export async function slide(page: Page, positions: readonly number[]): Promise<readonly number[]> {
  return (await page.evaluate(`(${sliding})(${JSON.stringify(positions)})`)) as readonly number[];
}

const sliding = `async (positions) => {
  const input = document.querySelector('.past-bar input[type=range]');
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  const place = document.querySelector('.past-bar .where .id');
  const step = (position) => new Promise((resolve) => requestAnimationFrame(() => {
    const began = performance.now();
    const said = '#' + position.toLocaleString('en') + ' ';
    let doneAtMs = 0;
    const changes = new MutationObserver(() => probe.afterFrame((nowMs) => (doneAtMs = nowMs)));
    const look = (nowMs) => {
      if (!place.textContent.startsWith(said)) return probe.afterFrame(look);
      doneAtMs = nowMs;
      const board = document.querySelector('.board');
      changes.observe(board, { subtree: true, childList: true, characterData: true });
      setTimeout(() => {
        changes.disconnect();
        resolve(doneAtMs - began);
      }, ${calmMs});
    };
    set.call(input, position);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    probe.drawn(look);
  }));
  const times = [];
  for (const position of positions) times.push(await step(position));
  return times;
}`;
