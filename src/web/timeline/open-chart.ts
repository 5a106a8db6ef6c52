/** A chart of lives that hands and keys are let at, outside of React. */
import { type Chart, createChart, type Data } from '../../gantt/chart.mjs';
import { useHands as lendHands } from '../../gantt/hands.mjs';
import type { Bar, Row, Sign } from '../../gantt/rows.mjs';
import { type Telling, tellBar, tellSign } from '../../gantt/tell.mjs';
import type { Span } from '../../gantt/view.mjs';
import { shownTheme } from '../shell/use-theme.ts';

/** What was pointed at. */
export interface Found {
  readonly bar?: Bar | undefined;
  readonly sign?: Sign | undefined;
  readonly row?: Row | undefined;
}

/** What a chart is told, and tells. */
export interface Charted {
  readonly data: Data;
  readonly titleOf: (taskId: string) => string;
  /** Whether dragging chooses a range. */
  readonly isBrushing: boolean;
  readonly onBrush: (range: Span) => void;
  readonly onPick: (found: Found) => void;
}

/** What stands beside the pointer. */
export interface Tip {
  readonly telling: Telling;
  readonly x: number;
  readonly y: number;
}

/** Makes the chart, and lets hands and keys at it. */
export function openChart(
  canvas: HTMLCanvasElement,
  props: { readonly current: Charted },
  showTip: (tip: Tip | undefined) => void,
) {
  const chart = createChart(canvas, props.current.data, () => shownTheme() === 'dark');
  const themed = new MutationObserver(chart.refresh);
  themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });

  const told = ({ bar, sign }: Found) => {
    if (sign !== undefined) return tellSign(sign);
    return bar && tellBar(bar, props.current.titleOf(bar.taskId));
  };
  const found = (x: number, y: number): Found & { readonly index: number } => {
    const { index, bar, sign } = chart.whatIsAt(x, y);
    return { index, bar, sign, row: chart.scene.rows[index] };
  };
  const pick = (what: Found) => {
    chart.change({ pointed: what.sign ?? what.bar });
    props.current.onPick(what);
  };

  lendHands(chart, {
    point(x, y) {
      const what = found(x, y);
      const telling = told(what);
      canvas.classList.toggle('on', telling !== undefined);
      showTip(telling && { telling, x, y });
      if (telling !== undefined) chart.change({ pointed: what.sign ?? what.bar });
    },
    leave: () => showTip(undefined),
    pick(x, y) {
      const what = found(x, y);
      if (what.index >= 0) chart.choose(what.index);
      pick(what);
    },
    row(step) {
      const index = chart.scene.chosen === -1 && step === -1 ? -1 : chart.scene.chosen + step;
      if (index < 0 || index >= chart.scene.rows.length) return false;
      chart.choose(index);
      pick({ row: chart.scene.rows[index] });
      return true;
    },
    along(step) {
      const index = Math.max(0, chart.scene.chosen);
      const row = chart.scene.rows[index];
      const next = row && nextIn(row, chart.scene.pointed, step);
      if (next === undefined) return;
      chart.choose(index);
      chart.reveal(startOf(next));
      pick('what' in next ? { sign: next, row } : { bar: next, row });
    },
    isBrushing: () => props.current.isBrushing,
    brush(fromX, toX) {
      props.current.onBrush(rangeOf(chart, [fromX, toX], props.current.data.nowMs));
    },
  });
  return {
    chart,
    close() {
      themed.disconnect();
      chart.close();
    },
  };
}

/** The time between two columns; none of it is after now. */
function rangeOf(chart: Chart, columns: readonly number[], nowMs: number): Span {
  const { left, width } = chart.scene;
  const moments = columns.map((x) => chart.momentAt(Math.min(Math.max(x, left), width)));
  const [one = 0, other = 0] = moments.map((atMs) => Math.min(atMs, nowMs));
  return { fromAtMs: Math.min(one, other), toAtMs: Math.max(one, other) };
}

function nextIn({ bars, signs }: Row, pointed: unknown, step: 1 | -1): Bar | Sign | undefined {
  const all = [...bars, ...signs].sort((one, other) => startOf(one) - startOf(other));
  // Bars are made anew as they grow; their beginnings stay.
  const now = all.findIndex((each) => each === pointed || isSame(each, pointed));
  return all[now === -1 && step === -1 ? all.length - 1 : now + step];
}

function isSame(each: Bar | Sign, pointed: unknown): boolean {
  if (typeof pointed !== 'object' || pointed === null || 'what' in each) return false;
  const { fromAtMs, kind } = pointed as Partial<Bar>;
  return each.fromAtMs === fromAtMs && each.kind === kind;
}

function startOf(each: Bar | Sign): number {
  return 'atMs' in each ? each.atMs : each.fromAtMs;
}
