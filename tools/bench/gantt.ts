/**
 * The page of a timeline with 5,000 stretches, in a real browser: how soon it is there, and how
 * long its frames take while it is moved.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import type { Picture, PicturedTask } from '../../src/app/picture.ts';
import { timelinePage } from '../../src/cli/html/timeline-page.ts';
import type { SegmentKind } from '../../src/domain/life.ts';
import type { Segment } from '../../src/domain/segments.ts';
import { type Benchmark, median, ms, type Row } from './measure.ts';

const executablePath = '/usr/bin/chromium';
/** Few rows, so that nearly all of it is in sight at once. */
const taskCount = 25;
const segmentsPerTask = 200;
const limitMs = 50;
const nowMs = Date.UTC(2026, 4, 1, 18);
const segmentMs = 90_000;

/** First paint, and the longest frame of a pan and of a zoom. */
export const ganttBenchmark: Benchmark = {
  name: 'gantt',
  async run({ directory, rounds, say }): Promise<readonly Row[]> {
    if (!existsSync(executablePath)) {
      say(`there is no ${executablePath}: nothing was measured`);
      return [];
    }
    const path = join(directory, 'page.html');
    writeFileSync(path, timelinePage(bigPicture(), { board: 'bench', nowMs, omitted: 0 }));
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const looks: Look[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const page = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
      await page.goto(pathToFileURL(path).href);
      looks.push(await lookAt(page));
      await page.close();
    }
    await browser.close();
    return [
      row('first paint', median(looks.map(({ paintMs }) => paintMs)), 1_000),
      row('longest frame of 120 while panning', Math.min(...looks.map((l) => l.panMs)), limitMs),
      row('longest frame of 120 while zooming', Math.min(...looks.map((l) => l.zoomMs)), limitMs),
    ];
  },
};

interface Look {
  readonly paintMs: number;
  readonly panMs: number;
  readonly zoomMs: number;
}

async function lookAt(page: Page): Promise<Look> {
  const paintMs = (await page.evaluate(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()",
  )) as number;
  const panMs = await longestFrame(page, '{ deltaY: frame < 60 ? 12 : -12, shiftKey: true }');
  const zoomMs = await longestFrame(page, '{ deltaY: frame % 60 < 30 ? -30 : 30 }');
  return { paintMs, panMs, zoomMs };
}

/** Turns the wheel once a frame, and answers the longest time between two frames. */
async function longestFrame(page: Page, wheel: string): Promise<number> {
  const longest = await page.evaluate(`new Promise((resolve) => {
    const canvas = document.querySelector('#chart');
    const { width } = canvas.getBoundingClientRect();
    let [frame, last, longest] = [0, performance.now(), 0];
    const step = (now) => {
      if (frame > 1) longest = Math.max(longest, now - last);
      last = now;
      frame += 1;
      if (frame > 120) return resolve(longest);
      const at = { clientX: width * 0.7, clientY: 300, bubbles: true, cancelable: true };
      canvas.dispatchEvent(new WheelEvent('wheel', { ...at, ...${wheel} }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
  return longest as number;
}

function row(what: string, measuredMs: number, targetMs: number): Row {
  return {
    what: `timeline page, ${taskCount * segmentsPerTask} stretches: ${what}`,
    measured: ms(measuredMs),
    target: `< ${targetMs} ms`,
    isMet: measuredMs < targetMs,
    figures: { measuredMs },
  };
}

function bigPicture(): Picture {
  const tasks = Array.from({ length: taskCount }, (_, index) => taskOf(index));
  return { fromAtMs: tasks[0]?.segments[0]?.fromAtMs ?? 0, toAtMs: nowMs, tasks, marks: [] };
}

const kinds: readonly SegmentKind[] = ['ready', 'launching', 'running', 'suspect', 'scheduled'];

function taskOf(index: number): PicturedTask {
  const taskId = `T-${`${index}`.padStart(10, '0')}`;
  const startMs = nowMs - segmentsPerTask * segmentMs - index * 60_000;
  const segments = Array.from({ length: segmentsPerTask }, (_, n): Segment => {
    const attempt = 1 + Math.floor(n / kinds.length);
    const isHeld = n % kinds.length !== 0 && n % kinds.length !== 4;
    return {
      kind: kinds[n % kinds.length] ?? 'ready',
      taskId,
      fromAtMs: startMs + n * segmentMs,
      toAtMs: startMs + (n + 1) * segmentMs,
      fromPosition: index * 100 + n,
      toPosition: index * 100 + n + 1,
      isOpen: false,
      runId: isHeld ? `R-${`${index * 100 + attempt}`.padStart(12, '0')}` : null,
      attempt: isHeld ? attempt : null,
      host: isHeld ? 'quay' : null,
      assignee: `worker-${index % 7}`,
      because: { type: 'came_due' },
    };
  });
  const marks = segments.flatMap(({ kind, toAtMs: atMs, runId, toPosition }) => {
    if (kind !== 'suspect') return [];
    const mark = { kind: 'reclaim', type: 'RunReclaimed', position: toPosition ?? 0 } as const;
    const actor = { kind: 'dispatcher', id: 'quay' } as const;
    const data = { reason: 'silent', heartbeats: { count: 0, maxGapMs: 0 }, evidence: {} };
    return [{ ...mark, atMs, taskId, runId, actor, data }];
  });
  return { taskId, title: `Survey folder ${index} of the archive`, segments, marks };
}
