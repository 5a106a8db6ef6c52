/** The top of the page: which board, how fresh it is, search and filters, the dispatcher. */
import { useRef } from 'react';
import { icons } from '../parts/icons.tsx';
import { type Grouping, groupings } from '../state/columns.ts';
import { taskIdIn } from '../state/filter.ts';
import { BoardSwitcher } from './board-switcher.tsx';
import { DispatcherPill } from './dispatcher-pill.tsx';
import { Freshness } from './freshness.tsx';
import { useKeys } from './keys.ts';
import { useLooking } from './page-context.ts';
import { ThemeButton } from './theme-button.tsx';
import { useNames } from './use-names.ts';
import { ViewNav } from './view-nav.tsx';

/** The bar. */
export function TopBar({ onHelp, onPalette }: TopBarProps) {
  return (
    <header className="top">
      <h1>
        <span className="mark" aria-hidden="true" />
        <BoardSwitcher />
      </h1>
      <Freshness />
      <ViewNav />
      <Search />
      <Filters />
      <div className="ends">
        <DispatcherPill />
        <ThemeButton />
        <button type="button" className="quiet wide" onClick={onPalette} title="Commands (Ctrl K)">
          <kbd>Ctrl K</kbd>
        </button>
        <button type="button" className="quiet" onClick={onHelp} aria-label="Keys" title="Keys (?)">
          ?
        </button>
      </div>
    </header>
  );
}

interface TopBarProps {
  readonly onHelp: () => void;
  readonly onPalette: () => void;
}

function Search() {
  const { address, look } = useLooking();
  const field = useRef<HTMLInputElement>(null);
  useKeys([{ keys: '/', what: 'search', act: () => field.current?.select() }]);
  const { filter } = address;

  return (
    <search className="search">
      {icons.search}
      <input
        ref={field}
        type="search"
        aria-label="Search tasks; an id opens its task"
        placeholder="Search or id"
        value={filter.words}
        onChange={({ target }) => {
          look({ filter: { ...filter, words: target.value } }, 'replace');
        }}
        onKeyDown={({ key, currentTarget }) => {
          if (key !== 'Enter' && key !== 'Escape') return;
          const taskId = taskIdIn(currentTarget.value);
          if (key === 'Enter' && taskId !== undefined) {
            look({ taskId, filter: { ...filter, words: '' } });
          }
          // Enter goes on to what was found; Escape has emptied the field, as it always does.
          currentTarget.blur();
        }}
      />
    </search>
  );
}

const groupingWords: Readonly<Record<Grouping, string>> = {
  none: 'No groups',
  assignee: 'By assignee',
  priority: 'By priority',
  tenant: 'By tenant',
  parent: 'By parent',
};

function Filters() {
  const { address, look } = useLooking();
  const { filter, grouping } = address;
  const { assignees, tenants } = useNames();
  return (
    <div className="filters">
      <select
        aria-label="Assignee"
        value={filter.assignee}
        onChange={({ target }) => look({ filter: { ...filter, assignee: target.value } })}
      >
        <option value="">Anybody</option>
        <option value="-">Nobody</option>
        {assignees.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {tenants.length > 0 && (
        <select
          aria-label="Tenant"
          value={filter.tenant}
          onChange={({ target }) => look({ filter: { ...filter, tenant: target.value } })}
        >
          <option value="">All tenants</option>
          <option value="-">No tenant</option>
          {tenants.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      <select
        aria-label="Groups"
        value={grouping}
        onChange={({ target }) => {
          look({ grouping: groupings.find((each) => each === target.value) ?? 'none' });
        }}
      >
        {groupings.map((each) => (
          <option key={each} value={each}>
            {groupingWords[each]}
          </option>
        ))}
      </select>
      <button
        type="button"
        aria-pressed={filter.archived}
        title="Archived tasks"
        onClick={() => look({ filter: { ...filter, archived: !filter.archived } })}
      >
        Archive
      </button>
    </div>
  );
}
