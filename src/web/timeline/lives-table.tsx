/** The rows of the timeline as a table: every stretch and mark, in the order of time. */
import type { Row } from '../../gantt/rows.mjs';
import { type Telling, tellBar, tellSign } from '../../gantt/tell.mjs';
import { AsTable } from '../parts/as-table.tsx';

interface TableProps {
  readonly rows: readonly Row[];
  readonly titleOf: (taskId: string) => string;
}

/** The table. */
export function LivesTable({ rows, titleOf }: TableProps) {
  return (
    <AsTable
      heads={['Row', 'What', 'Facts']}
      rows={() =>
        rows.flatMap((row) =>
          linesOf(row, titleOf).map(({ telling: { headline, facts }, key }) => (
            <tr key={`${row.key} ${key}`}>
              <td>{row.label}</td>
              <td>{headline}</td>
              <td>{facts.map(([name, text]) => `${name} ${text}`).join(', ')}</td>
            </tr>
          )),
        )
      }
    />
  );
}

interface Line {
  readonly key: string;
  readonly atMs: number;
  readonly telling: Telling;
}

function linesOf({ bars, signs }: Row, titleOf: TableProps['titleOf']): readonly Line[] {
  return [
    ...bars.map((bar, index) => {
      return { key: `b${index}`, atMs: bar.fromAtMs, telling: tellBar(bar, titleOf(bar.taskId)) };
    }),
    ...signs.map((sign, index) => {
      return { key: `s${index}`, atMs: sign.atMs, telling: tellSign(sign) };
    }),
  ].sort((one, other) => one.atMs - other.atMs);
}
