/** The screen of a replay, on terminals of all sizes and with titles that mean harm. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { densityOf } from '../../../src/app/replay/density.ts';
import type { PlaybackState } from '../../../src/app/replay/playback.ts';
import { openReel, type Reel } from '../../../src/app/replay/reel.ts';
import { createCanvas } from '../../../src/cli/replay/canvas.ts';
import { type ScreenView, screenLines } from '../../../src/cli/replay/screen-lines.ts';
import { styleFor } from '../../../src/cli/style.ts';
import { widthOf } from '../../../src/cli/width.ts';
import type { LogReader } from '../../../src/log/event-log.ts';
import { eventful, simulatedLog } from '../../kit/simulated-log.ts';
import { steppingByFold } from '../../kit/stepping-by-fold.ts';

const sink = { write: () => {}, isTerminal: true, columns: undefined };
const coloured = styleFor(sink, { environment: {} }, true);
const plain = styleFor(sink, { environment: { NO_COLOR: '1' } }, true);

async function reelOver(log: LogReader): Promise<Reel> {
  const { position: last } = await log.head();
  const reel = await openReel({ log, projections: steppingByFold(log), first: 1, last });
  onTestFinished(() => reel.close());
  return reel;
}

async function viewAfter(log: LogReader, steps: number): Promise<ScreenView> {
  const reel = await reelOver(log);
  let frame: PlaybackState['frame'];
  for (let step = 0; step < steps; step += 1) frame = await reel.advance();
  const pace = { speed: 10, idleMaxMs: 2_000 };
  const state = { isPaused: false, isOver: false, pace, frame, stoppedAt: undefined };
  const density = await densityOf(log, reel, 400);
  return {
    ...{ board: 'quay', queries: reel.queries, density, first: 1, last: reel.last },
    ...{ position: reel.position(), state: { ...state, nowMs: frame?.atMs ?? 0 } },
  };
}

/** What somebody might write who came around the schema. */
const hostile = [
  '\x1b[2J\x1b[1;1Hcleared',
  'line\nbreak\r\nand\ttab',
  '\u202eright to left\u2066',
  '漢字'.repeat(60),
  '👩‍👩‍👧‍👦'.repeat(30),
  'a\u0301'.repeat(100),
  '\x1b]52;c;ZXZpbA==\x07clipboard',
  'x'.repeat(200),
];

/** The same view with these words wherever people may write. */
function spoilt(view: ScreenView): ScreenView {
  const { queries, state } = view;
  const tasks: typeof queries.tasks = (...asked) =>
    queries.tasks(...asked).map((task, index) => {
      const text = hostile[index % hostile.length] ?? '';
      return { ...task, title: text, assignee: text };
    });
  const entries = state.frame?.entries.map((row) => ({ ...row, data: { title: hostile[0]! } }));
  const frame = state.frame && { ...state.frame, entries: entries ?? [] };
  return { ...view, queries: { ...queries, tasks }, state: { ...state, frame } };
}

describe('the screen', async () => {
  const log = await simulatedLog(eventful);
  const sizes = [20, 40, 63, 80, 120, 250].flatMap((columns) =>
    [2, 5, 12, 24, 60].map((rows) => ({ columns, rows })),
  );

  test.each(sizes)('fits into $columns × $rows', async (room) => {
    for (const steps of [0, 1, 150]) {
      const view = await viewAfter(log, steps);
      for (const shown of [view, spoilt(view)]) {
        for (const style of [coloured, plain]) {
          const lines = screenLines(shown, room, style);
          expect(lines).toHaveLength(room.rows);
          for (const line of lines) {
            expect(widthOf(line), line).toBeLessThanOrEqual(room.columns);
            expect(stripVTControlCharacters(line)).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
          }
        }
      }
    }
  });

  test('has no colours where there must be none', async () => {
    const view = await viewAfter(log, 150);
    const room = { rows: 30, columns: 100 };

    expect(screenLines(view, room, plain).join('')).not.toContain('\x1b');
    expect(screenLines(view, room, coloured).join('')).toContain('\x1b');
  });

  test('shows every status that there is, and how many are not shown', async () => {
    const view = await viewAfter(log, 150);
    const lines = screenLines(view, { rows: 24, columns: 100 }, plain).join('\n');

    const { byStatus } = view.queries.stats(view.state.nowMs);
    for (const [status, total] of Object.entries(byStatus)) {
      expect(lines).toMatch(new RegExp(`. ${status} {2}(\\d+ of )?${total}\n`));
    }
    expect(lines).toMatch(/\d+ of \d+\n/);
  });

  test('tells what just happened, with its place, and marks the task', async () => {
    const { state, ...view } = await viewAfter(log, 100);
    const lines = screenLines({ ...view, state }, { rows: 40, columns: 120 }, plain);

    const [entry] = state.frame?.entries ?? [];
    expect(lines.some((line) => line.includes(`#100  `))).toBe(true);
    expect(lines.some((line) => line.startsWith(`› ${entry?.taskId}`))).toBe(true);
    expect(lines.at(-2)).toContain(`#100 of ${view.last}`);
  });
});

describe('the canvas', () => {
  test('sends only the lines that changed, each to its own row, and never a line end', () => {
    const sent: string[] = [];
    const canvas = createCanvas({ rows: 3, write: (text) => void sent.push(text) });

    canvas.draw(['one', 'two', 'three', 'four']);
    canvas.draw(['one', '2', 'three']);
    canvas.draw(['one', '2', 'three']);
    canvas.forget();
    canvas.draw(['one']);

    expect(sent).toEqual([
      '\x1b[2J\x1b[1;1Hone\x1b[K\x1b[2;1Htwo\x1b[K\x1b[3;1Hthree\x1b[K',
      '\x1b[2;1H2\x1b[K',
      '\x1b[2J\x1b[1;1Hone\x1b[K',
    ]);
  });
});
