/** What is to be done, in full, and what came of it. */
import { lazy, Suspense } from 'react';
import type { TaskDocument } from '../api/task-document.ts';
import { counted } from '../state/words.ts';
import { type Draft, useDraft } from './use-draft.ts';
import { useEdit } from './use-edit.ts';

const Markdown = lazy(() => import('./markdown.tsx').then(({ Markdown: it }) => ({ default: it })));

/** The body, and the hand-off of the last attempt. */
export function TaskBody({ task }: { readonly task: TaskDocument }) {
  const draft = useDraft(task.body ?? '');

  return (
    <>
      <section className="part" aria-label="Description">
        {draft.text !== undefined ? (
          <BodyDraft task={task} draft={draft} text={draft.text} />
        ) : (
          <>
            {task.body !== null && (
              <Suspense fallback={<p className="faint">…</p>}>
                <Markdown text={task.body} />
              </Suspense>
            )}
            <button type="button" className="quiet small" onClick={draft.begin}>
              {task.body === null ? 'Add a description' : 'Change the description'}
            </button>
          </>
        )}
      </section>
      <HandOff task={task} />
    </>
  );
}

/** The description being written, and what others made of it meanwhile. */
function BodyDraft({ task, draft, text }: BodyDraftProps) {
  const edit = useEdit(task);
  const save = () => draft.save((body) => edit({ body: body === '' ? null : body }), true);
  return (
    <>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: it was opened to be written in
        autoFocus
        aria-label="Description, in Markdown"
        rows={10}
        value={text}
        onChange={({ target }) => draft.write(target.value)}
      />
      {draft.theirs !== undefined && (
        <div className="theirs" role="alert">
          <p>Somebody changed the description while you wrote. It says now:</p>
          <Suspense>
            {draft.theirs === '' ? (
              <p className="faint">nothing</p>
            ) : (
              <Markdown text={draft.theirs} />
            )}
          </Suspense>
        </div>
      )}
      <p className="buttons">
        <button type="button" onClick={draft.end}>
          {draft.theirs === undefined ? 'Cancel' : 'Keep theirs'}
        </button>
        <button type="button" className="primary" onClick={() => void save()}>
          {draft.theirs === undefined ? 'Save' : 'Replace it with mine'}
        </button>
      </p>
    </>
  );
}

interface BodyDraftProps {
  readonly task: TaskDocument;
  readonly draft: Draft;
  readonly text: string;
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
