/** The chart of lives on a canvas, with everything that hands can do to it. */
import { useEffect, useRef, useState } from 'react';
import type { Chart } from '../../gantt/chart.mjs';
import type { Row } from '../../gantt/rows.mjs';
import type { Span } from '../../gantt/view.mjs';
import { type Charted, openChart, type Tip } from './open-chart.ts';
import { ToldThing } from './told-thing.tsx';

interface ChartProps extends Charted {
  readonly rows: readonly Row[];
  readonly isByWorker: boolean;
  readonly brush: Span | undefined;
  /** Hands over the chart, for buttons beside it. */
  readonly onChart: (chart: Chart) => void;
}

/** The chart. */
export function ChartCanvas(props: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart>(undefined);
  const now = useRef(props);
  const [tip, setTip] = useState<Tip>();
  const { data, rows, isByWorker, brush } = props;
  useEffect(() => {
    now.current = props;
  });

  useEffect(() => {
    if (canvas.current === null) return;
    const made = openChart(canvas.current, now, setTip);
    chart.current = made.chart;
    now.current.onChart(made.chart);
    return made.close;
  }, []);
  useEffect(() => chart.current?.tell(data), [data]);
  useEffect(() => chart.current?.change({ rows: [...rows], isByWorker }), [rows, isByWorker]);
  useEffect(() => chart.current?.change({ brush }), [brush]);

  return (
    <div className="chart">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its keys are its own */}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label="Timeline; the same as a table stands below"
      />
      {rows.length === 0 && <p className="none">No task matches the filter</p>}
      {tip !== undefined && <TipBox tip={tip} />}
    </div>
  );
}

function TipBox({ tip: { telling, x, y } }: { readonly tip: Tip }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const [it, around] = [box.current, box.current?.parentElement];
    if (!it || !around) return;
    const isLeft = x + 16 + it.offsetWidth > around.clientWidth;
    const isAbove = y + 16 + it.offsetHeight > around.clientHeight;
    it.style.left = `${Math.max(4, isLeft ? x - 12 - it.offsetWidth : x + 16)}px`;
    it.style.top = `${Math.max(4, isAbove ? y - 12 - it.offsetHeight : y + 16)}px`;
  });
  return (
    <div ref={box} className="tip" role="tooltip">
      <ToldThing telling={telling} />
    </div>
  );
}
