/** The drawer: everything about one task, and everything that can be done with it. */
import { type CSSProperties, useCallback, useEffect, useRef, useState } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import type { TaskDocument } from '../api/task-document.ts';
import { useKeys } from '../shell/keys.ts';
import { useLooking } from '../shell/page-context.ts';
import '../styles/drawer.css';
import { DrawerEdge } from './drawer-edge.tsx';
import { chooseWidth, chosenWidth } from './drawer-width.ts';
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
  const [width, setWidth] = useState(chosenWidth);
  const resize = (px: number | undefined) => {
    chooseWidth(px);
    setWidth(px);
  };
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
    <aside
      ref={place}
      className="drawer"
      tabIndex={-1}
      aria-label={`Task ${taskId}`}
      style={chosenStyle(width)}
    >
      <DrawerEdge drawer={place} width={width} onWidth={resize} />
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

/** A property and no width: on a phone the drawer takes all there is. */
function chosenStyle(width: number | undefined): CSSProperties {
  const properties = width === undefined ? {} : { '--chosen-width': `${width}px` };
  return properties as CSSProperties;
}
