/** The figures of the plots as a table, slice by slice. */
import type { ReactNode } from 'react';
import { AsTable } from '../parts/as-table.tsx';
import type { PlotSeries } from '../state/plot-series.ts';
import { clockTime } from '../state/words.ts';

const names = [
  ...['done', 'ready', 'running', 'cap', 'reclaims', 'refused'],
  ...['claim p50', 'claim p95', 'cycle p50', 'cycle p95'],
] as const;

/** The table; slices in which nothing was are left out. */
export function FiguresTable({ series }: { readonly series: PlotSeries }) {
  return <AsTable heads={['around', ...names]} rows={() => rowsOf(series)} />;
}

function rowsOf(series: PlotSeries): ReactNode {
  return series.atS.map((atS, index) => {
    const figures = figuresAt(series, index);
    if (figures.every((each) => each === 0 || each === null)) return null;
    return (
      <tr key={atS}>
        <td>{clockTime(atS * 1_000, Date.now())}</td>
        {names.map((name, place) => (
          <td key={name}>{words(figures[place], name)}</td>
        ))}
      </tr>
    );
  });
}

function figuresAt(series: PlotSeries, index: number): readonly (number | null)[] {
  const { done, ready, running, cap, reclaims, refusals, claim, cycle } = series;
  const all = [done, ready, running, cap, reclaims, refusals];
  const spreads = [claim.p50, claim.p95, cycle.p50, cycle.p95];
  return [...all, ...spreads].map((values) => values[index] ?? null);
}

function words(figure: number | null | undefined, name: string): string {
  if (figure === null || figure === undefined) return '–';
  return name.includes(' p') ? `${figure.toFixed(1)} s` : `${figure}`;
}
