/** What a picture shows, as a table, for those who read it with other means. */
import { type ReactNode, useState } from 'react';

interface AsTableProps {
  /** What stands over the columns. */
  readonly heads: readonly string[];
  /** Makes the rows. Pictures hold many, so it is asked once the table is opened. */
  readonly rows: () => ReactNode;
}

/** A table that is made when it is opened. */
export function AsTable({ heads, rows }: AsTableProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="as-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && (
        <table>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head}>{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>{rows()}</tbody>
        </table>
      )}
    </details>
  );
}
