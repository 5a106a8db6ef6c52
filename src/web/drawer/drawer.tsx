/** The drawer: everything about one task, and everything that can be done with it. */
import { useCallback, useEffect, useRef } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import type { TaskDocument } from '../api/task-document.ts';
import { useKeys } from '../shell/keys.ts';
import { useLooking } from '../shell/page-context.ts';
import '../styles/drawer.css';
import { TaskHead } from './task-head.tsx';
import { TaskParts } from './task-parts.tsx';
import { isAbout, useDocument } from './use-document.ts';
import { WhyView } from './why-view.tsx';

/** The drawer of a task. */
export function Drawer({ taskId }: { readonly taskId: string }) {
  const { address, look } = useLooking();
  const { isWhy } = address;
  const place = useRef<HTMLElement>(null);
  const runIds = useRef<ReadonlySet<string>>(new Set());
  const matters = useCallback(
    (event: Recorded) => isAbout(taskId, runIds.current, event),
    [taskId],
  );
  const { value: task, problem, again } = useDocument<TaskDocument>(`/tasks/${taskId}`, matters);
  const toggleWhy = () => look({ isWhy: !isWhy }, 'replace');
  useKeys([{ keys: 'w', what: 'why', act: toggleWhy }]);
  useEffect(() => {
    runIds.current = new Set(task?.runs.map(({ id }) => id));
  }, [task]);
  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    // The board is narrower now, and the card may stand beside what is left of it.
    const card = document.querySelector('.card.open');
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, []);

  return (
    <aside ref={place} className="drawer" tabIndex={-1} aria-label={`Task ${taskId}`}>
      {problem !== undefined && (
        <div className="trouble">
          <p>{problem.detail}</p>
          <button
            type="button"
            onClick={problem.status === 404 ? () => look({ taskId: null }) : again}
          >
            {problem.status === 404 ? 'Close' : 'Try again'}
          </button>
        </div>
      )}
      {task !== undefined && (
        <>
          <TaskHead task={task} isWhy={isWhy} onWhy={toggleWhy} />
          <div className="drawer-body">
            {isWhy && <WhyView task={task} />}
            <TaskParts task={task} />
          </div>
        </>
      )}
    </aside>
  );
}
