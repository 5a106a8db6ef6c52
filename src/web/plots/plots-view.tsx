/** The plots: how much was done, what waited, who ran, what went wrong, how long it all took. */
import { useMemo, useState } from 'react';
import { durationText } from '../../gantt/ticks.mjs';
import type { Span } from '../../gantt/view.mjs';
import { livesOf, type PictureDocument } from '../api/picture-document.ts';
import { useParts } from '../shell/page-context.ts';
import { useNow } from '../shell/use-board.ts';
import { useTheme } from '../shell/use-theme.ts';
import { livesUpTo } from '../state/lives.ts';
import { type CapChange, type PlotSeries, plotSeries } from '../state/plot-series.ts';
import '../styles/plots.css';
import { usePicture } from '../timeline/use-picture.ts';
import { FiguresTable } from './figures-table.tsx';
import { Plot } from './plot.tsx';
import type { PlotLine } from './plot-options.ts';

const slices = 80;
const clockMs = 2_000;

/** Ranges up to now; 0 is everything. */
const ranges = [
  ['All', 0],
  ['15 min', 900_000],
  ['1 hour', 3_600_000],
  ['1 day', 86_400_000],
  ['7 days', 604_800_000],
] as const;

/** The view. */
export function PlotsView() {
  const { picture, problem } = usePicture();
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
  const [chosen, setChosen] = useState<Span>();
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
          {`${durationText(range.toAtMs - range.fromAtMs)} in ${slices} slices of ${durationText((range.toAtMs - range.fromAtMs) / slices)}; dragging over a plot looks closer`}
          {picture.omitted > 0 && `; ${picture.omitted} older tasks are left out`}
        </p>
      </header>
      <div className="grid">
        {plotsOf(series).map(({ title, lines, figure }) => (
          <Plot key={title} {...{ title, lines, figure, theme, onRange }} atS={series.atS} />
        ))}
      </div>
      <FiguresTable series={series} />
    </section>
  );
}

function plotsOf(series: PlotSeries) {
  const { done, ready, running, cap, reclaims, refusals, claim, cycle } = series;
  const count = (value: number) => (Number.isInteger(value) ? `${value}` : '');
  const time = (seconds: number) => (seconds === 0 ? '0' : durationText(seconds * 1_000));
  const bars = (label: string, colour: PlotLine['colour'], values: readonly number[]): PlotLine => {
    return { label, colour, values, look: 'bars' };
  };
  const steps = (
    label: string,
    colour: PlotLine['colour'],
    values: readonly number[],
  ): PlotLine => {
    return { label, colour, values, look: 'steps' };
  };
  const spread = ({ p50, p95 }: PlotSeries['claim']): readonly PlotLine[] => [
    { label: 'p50', colour: '--running', values: p50, look: 'points' },
    { label: 'p95', colour: '--review', values: p95, look: 'points', isDashed: true },
  ];
  return [
    { title: 'Tasks done', figure: count, lines: [bars('done', '--done', done)] },
    {
      title: 'Ready, waiting for a worker',
      figure: count,
      lines: [steps('ready', '--ready', ready)],
    },
    {
      title: 'Running, and how many may',
      figure: count,
      lines: [
        steps('running', '--running', running),
        { ...steps('cap', '--faint', cap), isDashed: true },
      ],
    },
    {
      title: 'Reclaims and refused stale writes',
      figure: count,
      lines: [
        steps('reclaims', '--reclaim', reclaims),
        { ...steps('refused', '--refusal', refusals), isDashed: true },
      ],
    },
    { title: 'Time to claim', figure: time, lines: spread(claim) },
    { title: 'From the first claim to done', figure: time, lines: spread(cycle) },
  ];
}

function useSeries(picture: PictureDocument, backMs: number, chosen: Span | undefined) {
  const { canWrite } = useParts();
  const clock = useNow(clockMs);
  const nowMs = canWrite ? Math.max(clock, picture.nowMs) : picture.nowMs;
  const drawn = useMemo(() => ({ lives: livesOf(picture), caps: capsOf(picture) }), [picture]);
  return useMemo(() => {
    const lives = livesUpTo(drawn.lives, nowMs);
    const open = lives.some(({ bars }) => bars.at(-1)?.runId != null && bars.at(-1)?.isOpen);
    const toAtMs = open || backMs > 0 ? nowMs : Math.min(nowMs, picture.toAtMs);
    const whole = { fromAtMs: backMs > 0 ? nowMs - backMs : picture.fromAtMs, toAtMs };
    const range = chosen ?? whole;
    return { range, series: plotSeries({ ...drawn, lives }, range, slices) };
  }, [drawn, picture, nowMs, backMs, chosen]);
}

/** Dispatchers coming and going, and how many workers each lets run. */
function capsOf({ marks }: PictureDocument): readonly CapChange[] {
  return marks.flatMap(({ type, atMs, actor, data }) => {
    if (type !== 'DispatcherStarted' && type !== 'DispatcherStopped') return [];
    const maxRunning =
      'policy' in data ? ((data.policy as { maxRunning?: number }).maxRunning ?? 0) : 0;
    return [{ atMs, dispatcherId: actor.id, maxRunning }];
  });
}
