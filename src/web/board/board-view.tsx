/** The board: columns of cards, moved by hand, by keys or by their menus. */
import { DndContext, DragOverlay } from '@dnd-kit/core';
import { useState } from 'react';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useBoard } from '../shell/use-board.ts';
import { type Column, type ColumnKey, columnTitles } from '../state/columns.ts';
import { isFiltering, noFilter } from '../state/filter.ts';
import { ColumnRail, ColumnView } from './column-view.tsx';
import { DragFace } from './drag-face.tsx';
import { FoundContext, useSearch } from './found.ts';
import { useBoardKeys } from './use-board-keys.ts';
import { useColumns } from './use-columns.ts';
import { refusalOf, useDrag } from './use-drag.ts';

/** The board. */
export function BoardView() {
  const { filter } = useLooking().address;
  const found = useSearch(filter.words);
  const columns = useColumns(found);
  const keys = useBoardKeys(columns);
  const { drag, dnd } = useDrag(columns);
  const [tab, setTab] = useState<ColumnKey>();
  const current = tab ?? columns.find(({ count }) => count > 0)?.key ?? 'ready';
  if (columns.every(({ count }) => count === 0) && !keys.creating) {
    return found.isAsking ? <Searching /> : <Empty onCreate={() => keys.create('ready')} />;
  }

  return (
    <FoundContext value={found}>
      <DndContext {...dnd}>
        {found.note !== null && (
          <p className="search-note" role="status">
            {found.note}
          </p>
        )}
        <Tabs columns={columns} current={current} onChoose={setTab} />
        <section className="board" aria-label="Board">
          {columns
            .filter(({ key, count }) => key !== 'archived' || count > 0)
            .map((column) => {
              const isFolded = column.count === 0 && keys.creating !== column.key;
              const refusal = refusalOf(drag, column.key);
              const look = { isCurrent: column.key === current, refusal };
              if (isFolded && drag === undefined) {
                return <ColumnRail key={column.key} column={column} keys={keys} {...look} />;
              }
              return <ColumnView key={column.key} column={column} keys={keys} {...look} />;
            })}
        </section>
        <DragOverlay dropAnimation={null}>
          {drag !== undefined && <DragFace taskId={drag.taskId} />}
        </DragOverlay>
      </DndContext>
    </FoundContext>
  );
}

/** On narrow screens one column is shown at a time. */
function Tabs({ columns, current, onChoose }: TabsProps) {
  return (
    <nav className="tabs" aria-label="Columns">
      {columns
        .filter(({ count }) => count > 0)
        .map(({ key, count }) => (
          <button
            key={key}
            type="button"
            aria-current={key === current}
            onClick={() => onChoose(key)}
          >
            {columnTitles[key]} <small>{count}</small>
          </button>
        ))}
    </nav>
  );
}

interface TabsProps {
  readonly columns: readonly Column[];
  readonly current: ColumnKey;
  readonly onChoose: (key: ColumnKey) => void;
}

function Searching() {
  return (
    <section className="empty" role="status">
      <h2>Searching…</h2>
    </section>
  );
}

function Empty({ onCreate }: { readonly onCreate: () => void }) {
  const { address, look } = useLooking();
  const { canWrite } = useParts();
  const { fold } = useBoard();
  const isFiltered = isFiltering(address.filter) && fold.tasks.size > 0;
  return (
    <section className="empty">
      <h2>{isFiltered ? 'Nothing matches' : 'Nothing on the board yet'}</h2>
      <p>
        {isFiltered
          ? 'No task says what was searched for, nor does any of its texts.'
          : 'A task is a piece of work for a worker. Give it a title; the rest can follow.'}
      </p>
      {isFiltered ? (
        <button type="button" className="primary" onClick={() => look({ filter: noFilter })}>
          Show all tasks
        </button>
      ) : (
        canWrite && (
          <button type="button" className="primary" onClick={onCreate}>
            New task <kbd>c</kbd>
          </button>
        )
      )}
    </section>
  );
}
