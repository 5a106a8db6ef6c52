/** The events of a task as the log has them, each with a link to the one that caused it. */
import { useCallback, useState } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import type { TaskDocument } from '../api/task-document.ts';
import { useNow } from '../shell/use-board.ts';
import { clockTime } from '../state/words.ts';
import { isAbout, useDocument } from './use-document.ts';

const clockMs = 60_000;

/** The events; they are read when they are asked for. */
export function EventList({ task }: { readonly task: TaskDocument }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="part">
      <h3>
        <button
          type="button"
          className="link"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? '▾' : '▸'} Events
        </button>
      </h3>
      {isOpen && <Events task={task} />}
    </section>
  );
}

function Events({ task }: { readonly task: TaskDocument }) {
  const nowMs = useNow(clockMs);
  const runIds = task.runs.map(({ id }) => id).join(' ');
  const matters = useCallback(
    (event: Recorded) => isAbout(task.id, new Set(runIds.split(' ')), event),
    [task.id, runIds],
  );
  const path = `/events?task=${task.id}`;
  const { value } = useDocument<{ readonly events: readonly Recorded[] }>(path, matters);
  if (value === undefined) return <p className="faint">Reading…</p>;
  const positions = new Map(value.events.map(({ id, position }) => [id, position]));

  return (
    <ol className="events">
      {value.events.map((event) => {
        const cause = positions.get(event.meta.$causationId);
        return (
          <li key={event.position} id={`event-${event.position}`}>
            <span className="id">#{event.position}</span>
            <time>{clockTime(event.meta.at, nowMs)}</time>
            <details>
              <summary>{wordsOf(event.type)}</summary>
              <pre>{JSON.stringify(event.data, null, 2)}</pre>
            </details>
            <span className="faint">
              {event.meta.actor.kind} {event.meta.actor.id}
              {cause !== undefined && (
                <>
                  , caused by <a href={`#event-${cause}`}>#{cause}</a>
                </>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** `TaskCompleted` as `task completed`. */
function wordsOf(type: string): string {
  return type.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
}
