/** What people and workers said about a task, and a field to say more. */
import { lazy, Suspense, useState } from 'react';
import type { TaskDocument } from '../api/task-document.ts';
import { useNow } from '../shell/use-board.ts';
import { shortSpan } from '../state/words.ts';
import { useChange } from './use-edit.ts';

const Markdown = lazy(() => import('./markdown.tsx').then(({ Markdown: it }) => ({ default: it })));
const clockMs = 15_000;

/** The comments. */
export function CommentList({ task }: { readonly task: TaskDocument }) {
  const nowMs = useNow(clockMs);
  return (
    <section className="part">
      <h3>
        Comments <small>{task.comments.length}</small>
      </h3>
      <ul className="comments">
        {task.comments.map(({ position, author, actor, surface, body, at }) => (
          <li key={position}>
            <p className="by">
              <strong>{author}</strong>
              <small>
                {actor.kind} by {surface}
              </small>
              <time dateTime={at} title={new Date(at).toLocaleString('en-GB')}>
                {shortSpan(Math.max(0, nowMs - Date.parse(at)))}
              </time>
            </p>
            <Suspense fallback={<p>{body}</p>}>
              <Markdown text={body} />
            </Suspense>
          </li>
        ))}
      </ul>
      <CommentForm task={task} />
    </section>
  );
}

function CommentForm({ task }: { readonly task: TaskDocument }) {
  const [body, setBody] = useState('');
  const change = useChange(task);

  async function submit(): Promise<void> {
    if (body.trim() === '') return;
    if (await change((deeds) => deeds.comment(task.id, body))) setBody('');
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <textarea
        rows={2}
        aria-label="Comment"
        placeholder="Say something; its worker will read it"
        value={body}
        onChange={({ target }) => setBody(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
        }}
      />
      <p className="buttons">
        <button type="submit" disabled={body.trim() === ''}>
          Comment
        </button>
      </p>
    </form>
  );
}
