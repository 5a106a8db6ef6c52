/** What is to be done, in full, and what came of it. */
import { lazy, Suspense, useState } from 'react';
import type { TaskDocument } from '../api/task-document.ts';
import { counted } from '../state/words.ts';
import { useEdit } from './use-edit.ts';

const Markdown = lazy(() => import('./markdown.tsx').then(({ Markdown: it }) => ({ default: it })));

/** The body, and the hand-off of the last attempt. */
export function TaskBody({ task }: { readonly task: TaskDocument }) {
  const [draft, setDraft] = useState<string>();
  const edit = useEdit(task);

  async function save(): Promise<void> {
    if (draft === undefined) return;
    if (await edit({ body: draft === '' ? null : draft })) setDraft(undefined);
  }

  return (
    <>
      <section className="part" aria-label="Description">
        {draft !== undefined ? (
          <>
            <textarea
              // biome-ignore lint/a11y/noAutofocus: it was opened to be written in
              autoFocus
              aria-label="Description, in Markdown"
              rows={10}
              value={draft}
              onChange={({ target }) => setDraft(target.value)}
            />
            <p className="buttons">
              <button type="button" onClick={() => setDraft(undefined)}>
                Cancel
              </button>
              <button type="button" className="primary" onClick={() => void save()}>
                Save
              </button>
            </p>
          </>
        ) : (
          <>
            {task.body !== null && (
              <Suspense fallback={<p className="faint">…</p>}>
                <Markdown text={task.body} />
              </Suspense>
            )}
            <button type="button" className="quiet small" onClick={() => setDraft(task.body ?? '')}>
              {task.body === null ? 'Add a description' : 'Change the description'}
            </button>
          </>
        )}
      </section>
      <HandOff task={task} />
    </>
  );
}

function HandOff({ task }: { readonly task: TaskDocument }) {
  if (task.summary === null && task.result === null && task.artifacts.length === 0) return null;
  return (
    <section className="part hand-off">
      <h3>Handed on</h3>
      <Suspense>
        {task.summary !== null && <Markdown text={task.summary} />}
        {task.result !== null && <Markdown text={task.result} />}
      </Suspense>
      {task.artifacts.length > 0 && (
        <ul className="artifacts">
          {task.artifacts.map(({ name, bytes, sha256 }) => (
            <li key={sha256}>
              <a href={`/api/v1/artifacts/${sha256}`} download={name}>
                {name}
              </a>
              <small>{counted(bytes, 'byte')}</small>
              <span className="id" title={sha256}>
                {sha256.slice(0, 12)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
