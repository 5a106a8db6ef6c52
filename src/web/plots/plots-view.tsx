/** The plots: how much was done, what waited, who ran, what went wrong, how long it all took. */
import { useState } from 'react';
import { durationText } from '../../gantt/ticks.mjs';
import type { Span } from '../../gantt/view.mjs';
import type { PictureDocument } from '../api/picture-document.ts';
import { useTheme } from '../shell/use-theme.ts';
import '../styles/plots.css';
import { useWantedPicture } from '../timeline/use-data.ts';
import { useRange } from '../timeline/use-range.ts';
import { FiguresTable } from './figures-table.tsx';
import { Plot } from './plot.tsx';
import { plotsOf } from './plots-of.ts';
import { slices, useSeries } from './use-series.ts';

/** Ranges up to now; 0 is everything. */
const ranges = [
  ['All', 0],
  ['15 min', 900_000],
  ['1 hour', 3_600_000],
  ['1 day', 86_400_000],
  ['7 days', 604_800_000],
] as const;

const tasksMax = 2_000;

/** The view. */
export function PlotsView() {
  // From the first event on: dispatchers may have started before there was any task.
  const { picture, problem } = useWantedPicture(tasksMax, '&from=1');
  if (picture === undefined || picture.tasks.length === 0) {
    return (
      <section className="empty" role="status">
        <p>
          {problem?.detail ??
            (picture === undefined ? 'Reading the past…' : 'Nothing has happened yet.')}
        </p>
      </section>
    );
  }
  return <Plots picture={picture} />;
}

function Plots({ picture }: { readonly picture: PictureDocument }) {
  const [backMs, setBackMs] = useState<number>(0);
  const [chosen, setChosen] = useRange();
  const theme = useTheme();
  const { series, range } = useSeries(picture, backMs, chosen);
  const onRange = (fromS: number, toS: number) =>
    setChosen({ fromAtMs: fromS * 1_000, toAtMs: toS * 1_000 });

  return (
    <section className="plots" aria-label="Plots">
      <header>
        {ranges.map(([name, ms]) => (
          <button
            key={name}
            type="button"
            aria-pressed={chosen === undefined && backMs === ms}
            onClick={() => {
              setBackMs(ms);
              setChosen(undefined);
            }}
          >
            {name}
          </button>
        ))}
        <p className="faint" role="status">
          {spanWords(range)}
          {chosen === undefined ? '; dragging over a plot looks closer' : ', as it was chosen'}
          {picture.omitted > 0 &&
            `; ${picture.omitted.toLocaleString('en')} older tasks are left out`}
        </p>
      </header>
      <div className="grid">
        {plotsOf(series).map((plot) => (
          <Plot key={plot.title} {...plot} {...{ theme, onRange }} atS={series.atS} />
        ))}
      </div>
      <FiguresTable series={series} />
    </section>
  );
}

function spanWords({ fromAtMs, toAtMs }: Span): string {
  const wideMs = toAtMs - fromAtMs;
  return `${durationText(wideMs)} in ${slices} slices of ${durationText(wideMs / slices)}`;
}
