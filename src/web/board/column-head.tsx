/** The title of a column, and what concerns all of it. */
import { Glyph, icons } from '../parts/icons.tsx';
import { useParts } from '../shell/page-context.ts';
import { useSelection } from '../shell/selection.ts';
import { type Column, cardsOf, columnTitles } from '../state/columns.ts';
import type { BoardKeys } from './use-board-keys.ts';

/** Columns in which tasks can be made. */
const creatable = new Set<Column['key']>(['triage', 'ready']);

/** The head of a column. */
export function ColumnHead({ column, keys }: ColumnHeadProps) {
  const { canWrite } = useParts();
  const title = columnTitles[column.key];
  return (
    <header>
      <h2>
        <Glyph column={column.key} />
        <span className="name">{title}</span>
        <span className="count">{column.count}</span>
      </h2>
      <span className="tools">
        {canWrite && column.count > 0 && <ChooseAll column={column} />}
        {creatable.has(column.key) && (
          <button
            type="button"
            className="quiet"
            aria-label={`New task in ${title}`}
            title="New task (c)"
            onClick={() => keys.create(column.key)}
          >
            {icons.plus}
          </button>
        )}
      </span>
    </header>
  );
}

interface ColumnHeadProps {
  readonly column: Column;
  readonly keys: BoardKeys;
}

/** Chooses every card of the column, beside those of others; once more takes them back. */
function ChooseAll({ column }: { readonly column: Column }) {
  const { chosen, choose } = useSelection();
  const ids = cardsOf(column).map(({ record }) => record.taskId);
  const areChosen = ids.every((id) => chosen.has(id));

  function toggle(): void {
    const others = [...chosen].filter((id) => !ids.includes(id));
    choose(areChosen ? others : [...others, ...ids]);
  }

  return (
    <input
      type="checkbox"
      className={chosen.size > 0 ? 'all wanted' : 'all'}
      aria-label={`Choose all ${column.count} in ${columnTitles[column.key]}`}
      title="Choose all (a)"
      checked={areChosen}
      onChange={toggle}
    />
  );
}
