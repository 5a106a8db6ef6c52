/** The past as an SVG for reports: everything told apart, nothing of others' text let loose. */
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../../src/app/picture.ts';
import { timelineSvg } from '../../../src/cli/svg/timeline-svg.ts';
import { markOf } from '../../../src/domain/marks.ts';
import { segmentsOf } from '../../../src/domain/segments.ts';
import { atTime, onDispatcher, onRefused, onRun, onTask, recorded } from '../../kit/a-history.ts';
import { endings, opened, spawned, started } from '../../kit/a-run.ts';
import { claimed, created, failed, runId, taskId } from '../../kit/a-task.ts';
import { browserMissing, openHtml } from '../../kit/browser.ts';
import { testUnless } from '../../kit/test-where.ts';

const ttlMs = 20_000;
const refused = { runId, attempted: 'CompleteRun', code: 'stale_run', actualVersion: 4 };
const by = { kind: 'worker', id: runId } as const;
const events = recorded([
  atTime(0, onTask(created())),
  atTime(5_000, onTask(claimed({ ttlMs }))),
  atTime(5_000, onRun(opened({ ttlMs }))),
  atTime(6_000, onRun(spawned)),
  atTime(7_000, onRun(started)),
  atTime(40_000, onRun(endings.RunReclaimed)),
  atTime(40_000, onTask(failed({ outcome: 'reclaimed', failures: 0 }))),
  atTime(50_000, onRefused({ type: 'WriteRefused', data: { ...refused, by } })),
]);
const stopped = onDispatcher({ type: 'DispatcherStopped', data: { reason: 'asked to' } });
const around = recorded([atTime(55_000, stopped)]);

function pictureOf(title: string): Picture {
  const nowMs = 60_000;
  const segments = segmentsOf({ taskId, events }, nowMs);
  const marks = events.flatMap((event) => markOf(event, taskId) ?? []);
  const task = { taskId, title, segments, marks };
  const boardMarks = around.flatMap((event) => markOf(event) ?? []);
  return { fromAtMs: 0, toAtMs: nowMs, tasks: [task], marks: boardMarks };
}

describe('the picture', () => {
  test('has every stretch and every mark, each with its words', () => {
    const svg = timelineSvg(pictureOf('Paint the hull'));
    const titles = [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map((match) => match[1] ?? '');

    for (const words of [
      ...['ready, nobody at work', `launching, ${runId}`, `running, ${runId}`],
      ...[`suspect: lease over, ${runId}, 1 Jan 1970 00:00:27 – 1 Jan 1970 00:00:40 UTC`],
      ...['reclaimed: RunReclaimed #6', 'stale write refused: WriteRefused #8'],
      ...['dispatcher came or went: DispatcherStopped #1'],
    ]) {
      expect(
        titles.some((title) => title.startsWith(words)),
        words,
      ).toBe(true);
    }
  });

  test('says what it leaves out where there is too much', () => {
    const picture = pictureOf('Paint the hull');
    const tasks = Array.from({ length: 50 }, () => picture.tasks).flat();

    expect(timelineSvg({ ...picture, tasks })).toContain('… and 10 more tasks');
    expect(timelineSvg({ ...picture, tasks }, { shapesMax: 20 })).toContain('… and 48 more tasks');
    expect(timelineSvg({ ...picture, tasks }).length).toBeLessThan(100_000);
  });

  test('of nothing is still a picture', () => {
    const nothing = { fromAtMs: 7, toAtMs: 7, tasks: [], marks: [] };

    expect(timelineSvg(nothing)).not.toContain('NaN');
  });

  testUnless(browserMissing)('is well formed, whatever people call their tasks', async () => {
    const title = '</text><script>document.title = 1</script><img onerror=x> & \0 " \ud800 ]]>';
    const { page } = await openHtml('<p>a page</p>');
    const svg = timelineSvg(pictureOf(title));
    const found = (await page.evaluate(
      `(svg) => {
        const drawing = new DOMParser().parseFromString(svg, 'image/svg+xml');
        const names = [...drawing.querySelectorAll('*')].map(({ nodeName }) => nodeName);
        return [...new Set(names)].sort();
      }`
        .replace(/^/, '(')
        .concat(`)(${JSON.stringify(svg)})`),
    )) as string[];

    expect(found).toEqual([
      'defs',
      'g',
      'path',
      'pattern',
      'rect',
      'svg',
      'text',
      'title',
      'tspan',
    ]);
  });
});
