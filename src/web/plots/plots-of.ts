/** The plots that there are: their lines, their colours, and how their figures are said. */
import { durationText } from '../../gantt/ticks.mjs';
import type { PlotSeries } from '../state/plot-series.ts';
import type { PlotLine } from './plot-options.ts';

/** The plots of the series. */
export function plotsOf(series: PlotSeries) {
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
    { title: 'Tasks done', figure: count, isWhole: true, lines: [bars('done', '--done', done)] },
    {
      title: 'Ready, waiting for a worker',
      figure: count,
      isWhole: true,
      lines: [steps('ready', '--ready', ready)],
    },
    {
      title: 'Running, and how many may',
      figure: count,
      isWhole: true,
      lines: [
        steps('running', '--running', running),
        { ...steps('board cap', '--faint', cap), isDashed: true },
      ],
    },
    {
      title: 'Reclaims and refused stale writes',
      figure: count,
      isWhole: true,
      lines: [
        steps('reclaims', '--reclaim', reclaims),
        { ...steps('refused', '--refusal', refusals), isDashed: true },
      ],
    },
    { title: 'Time to claim', figure: time, isWhole: false, lines: spread(claim) },
    { title: 'From the first claim to done', figure: time, isWhole: false, lines: spread(cycle) },
  ];
}
