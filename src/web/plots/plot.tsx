/** One plot: a title, lines over time, and their figures under the pointer. */
import { useEffect, useRef } from 'react';
import Drawing from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type PlotLine, plotHigh, plotOptions } from './plot-options.ts';

interface PlotProps {
  readonly title: string;
  /** Words for a figure, on the axis and beside the pointer. */
  readonly figure: (value: number) => string;
  /** Figures count something: the axis has whole ones. */
  readonly isWhole: boolean;
  readonly atS: readonly number[];
  readonly lines: readonly PlotLine[];
  /** Changes when the colours do. */
  readonly theme: string;
  /** A range was chosen by dragging, UTC s. */
  readonly onRange: (fromS: number, toS: number) => void;
}

/** The plot. */
export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing>(undefined);
  const now = useRef(props);
  useEffect(() => {
    now.current = props;
  });
  const { title, theme, atS, lines } = props;
  const shape = lines.map(({ label }) => label).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines or colours, another plot
  useEffect(() => {
    const it = place.current;
    if (it === null) return;
    const made = new Drawing(plotOptions(now, it), dataOf(now.current), it);
    drawing.current = made;
    const sized = new ResizeObserver(() =>
      made.setSize({ width: it.clientWidth, height: plotHigh }),
    );
    sized.observe(it);
    return () => {
      sized.disconnect();
      made.destroy();
    };
  }, [theme, shape]);
  useEffect(() => drawing.current?.setData(dataOf({ atS, lines })), [atS, lines]);

  const isEmpty = lines.every(({ values }) => values.every((value) => !value));
  return (
    <section className="plot" aria-label={title}>
      <h2>{title}</h2>
      {isEmpty && <p className="none">None in this range</p>}
      <div ref={place} className="drawing" />
    </section>
  );
}

function dataOf({ atS, lines }: Pick<PlotProps, 'atS' | 'lines'>): Drawing.AlignedData {
  return [[...atS], ...lines.map(({ values }) => [...values])];
}
