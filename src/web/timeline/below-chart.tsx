/** What stands below the chart: what was chosen of it, the legend, and all of it as a table. */
import type { Data } from '../../gantt/chart.mjs';
import type { Row } from '../../gantt/rows.mjs';
import type { Span } from '../../gantt/view.mjs';
import { FoundPanel } from './found-panel.tsx';
import { Legend } from './legend.tsx';
import { LivesTable } from './lives-table.tsx';
import type { Found } from './open-chart.ts';
import { RangePanel } from './range-panel.tsx';

interface BelowProps {
  readonly data: Data;
  readonly rows: readonly Row[];
  readonly found: Found;
  readonly brush: Span | undefined;
  readonly titleOf: (taskId: string) => string;
  readonly onClear: () => void;
}

/** The foot of the timeline. */
export function BelowChart({ data, rows, found, brush, titleOf, onClear }: BelowProps) {
  return (
    <footer>
      {brush === undefined ? (
        <FoundPanel found={found} titleOf={titleOf} />
      ) : (
        <RangePanel lives={data.lives} range={brush} onClear={onClear} />
      )}
      <Legend lives={data.lives} around={data.signs} />
      <LivesTable rows={rows} titleOf={titleOf} />
    </footer>
  );
}
