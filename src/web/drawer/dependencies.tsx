/** What a task waits for, and what waits for it; each one opens. */
import { lazy, Suspense, useState } from 'react';
import type { BriefDocument, TaskDocument } from '../api/task-document.ts';
import { Glyph, icons } from '../parts/icons.tsx';
import { useLooking } from '../shell/page-context.ts';
import { statusWords } from '../state/card.ts';
import { columnOf } from '../state/columns.ts';
import { taskIdIn } from '../state/filter.ts';
import { useChange } from './use-edit.ts';

const FamilyGraph = lazy(() =>
  import('./family-graph.tsx').then(({ FamilyGraph: it }) => ({ default: it })),
);

/** The dependencies. */
export function Dependencies({ task }: { readonly task: TaskDocument }) {
  const [isAdding, setAdding] = useState(false);
  const change = useChange(task);
  const isAlone = task.parentTasks.length === 0 && task.childTasks.length === 0;
  return (
    <section className="part" aria-label="Dependencies">
      {!isAlone && (
        <div className="family">
          <Suspense>
            <FamilyGraph taskId={task.id} />
          </Suspense>
          <Chips title="Waits for" tasks={task.parentTasks} onRemove={(id) => remove(id)} />
          <Chips title="Waited for by" tasks={task.childTasks} />
        </div>
      )}
      {isAdding ? (
        <input
          // biome-ignore lint/a11y/noAutofocus: it was opened to be written in
          autoFocus
          aria-label="Id of the task to wait for"
          placeholder="T-… to wait for"
          onBlur={() => setAdding(false)}
          onKeyDown={({ key, currentTarget }) => {
            const parentId = taskIdIn(currentTarget.value);
            if (key === 'Enter' && parentId !== undefined) void add(parentId);
            if (key === 'Escape') setAdding(false);
          }}
        />
      ) : (
        <button type="button" className="quiet small" onClick={() => setAdding(true)}>
          Wait for another task
        </button>
      )}
    </section>
  );

  async function add(parentId: string): Promise<void> {
    if (await change((deeds) => deeds.link(parentId, task.id))) setAdding(false);
  }

  async function remove(parentId: string): Promise<void> {
    await change((deeds) => deeds.unlink(parentId, task.id));
  }
}

function Chips({ title, tasks, onRemove }: ChipsProps) {
  const { look } = useLooking();
  if (tasks.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul className="chips">
        {tasks.map(({ id, title: name, status }) => (
          <li key={id}>
            <button type="button" onClick={() => look({ taskId: id })}>
              <Glyph column={columnOf(status)} />
              <span className="name">{name}</span>
              <span className="unseen">{statusWords[status]}</span>
            </button>
            {onRemove !== undefined && (
              <button
                type="button"
                className="quiet"
                aria-label={`No longer wait for ${name}`}
                onClick={() => void onRemove(id)}
              >
                {icons.close}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ChipsProps {
  readonly title: string;
  readonly tasks: readonly BriefDocument[];
  readonly onRemove?: (taskId: string) => Promise<void>;
}
