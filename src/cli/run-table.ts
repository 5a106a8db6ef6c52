/** Runs as lines: which try, how it ended, how long it took, and what it left to say. */
import type { RunRow } from '../../projections/runs/row.ts';
import { plainLine } from './sanitize.ts';
import { outcomeLabel } from './status.ts';
import type { Style } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { relativeTime, shortDuration } from './time.ts';

const columns: readonly Column[] = [
  { head: 'RUN' },
  { head: 'TRY', align: 'right' },
  { head: 'OUTCOME' },
  { head: 'TOOK', align: 'right' },
  { head: 'STARTED' },
  { head: 'WORD', stretch: true },
];

/** The runs as a table; empty for none. */
export function runTable(runs: readonly RunRow[], style: Style, nowMs: number): string {
  if (runs.length === 0) return '';
  return renderTable(
    columns,
    runs.map((run) => [
      run.runId,
      `${run.attempt}`,
      outcomeLabel(run.outcome, style),
      shortDuration((run.endedAtMs ?? nowMs) - run.openedAtMs),
      relativeTime(run.openedAtMs, nowMs),
      plainLine(lastWord(run)),
    ]),
    style,
  );
}

function lastWord({ ending, note }: RunRow): string {
  return ending?.error ?? ending?.summary ?? ending?.result ?? ending?.reason ?? note ?? '';
}
