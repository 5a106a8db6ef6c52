/** The rows as a table, for those who read them with other means; made when it is opened. */
import { useState } from 'react';
import type { Row } from '../../gantt/rows.mjs';
import { type Telling, tellBar, tellSign } from '../../gantt/tell.mjs';

interface TableProps {
  readonly rows: readonly Row[];
  readonly titleOf: (taskId: string) => string;
}

/** The table. */
export function LivesTable({ rows, titleOf }: TableProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="as-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && (
        <table>
          <thead>
            <tr>
              <th>Row</th>
              <th>What</th>
              <th>Facts</th>
            </tr>
          </thead>
          <tbody>
            {rows.flatMap((row) =>
              linesOf(row, titleOf).map(({ telling: { headline, facts }, key }) => (
                <tr key={`${row.key} ${key}`}>
                  <td>{row.label}</td>
                  <td>{headline}</td>
                  <td>{facts.map(([name, text]) => `${name} ${text}`).join(', ')}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      )}
    </details>
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
