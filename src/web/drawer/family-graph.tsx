/**
 * The dependencies around a task as a picture. It is drawn from the board at hand, so it lives with
 * the events, and stands still in the past. What it shows is said by the chips below it, too.
 */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Glyph } from '../parts/icons.tsx';
import { useLooking } from '../shell/page-context.ts';
import { useBoard, useNow } from '../shell/use-board.ts';
import { statusWords } from '../state/card.ts';
import { columnOf } from '../state/columns.ts';
import { type Neighbour, type Neighbourhood, neighbourhoodOf } from '../state/neighbourhood.ts';
import { counted } from '../state/words.ts';
import '../styles/family-graph.css';
import { type Layout, layOut, nearest, nodePx, type Point, type Way } from './graph-layout.ts';

const clockMs = 1_000;

/** The picture; there is none of a task that nothing is linked to. */
export function FamilyGraph({ taskId }: { readonly taskId: string }) {
  const { fold } = useBoard();
  const family = neighbourhoodOf(fold, taskId, useNow(clockMs));
  if (family.links.length === 0) return null;
  return <Picture taskId={taskId} family={family} />;
}

interface PictureProps {
  readonly taskId: string;
  readonly family: Neighbourhood;
}

function Picture({ taskId, family }: PictureProps) {
  const layout = useLayout(family);
  const scroller = useRef<HTMLFieldSetElement>(null);
  const [stop, setStop] = useState(taskId);
  const { x, y } = layout.corners.get(taskId) ?? { x: 0, y: 0 };
  useEffect(() => {
    const { current: box } = scroller;
    if (box === null) return;
    box.scrollLeft = x - (box.clientWidth - nodePx.width) / 2;
    box.scrollTop = y - (box.clientHeight - nodePx.height) / 2;
  }, [x, y]);

  function step(event: KeyboardEvent): void {
    const next = isWay(event.key) ? nearest(layout, stop, event.key) : undefined;
    if (!isWay(event.key)) return;
    // The arrows of the board stay out of the picture.
    event.preventDefault();
    if (next === undefined) return;
    setStop(next);
    scroller.current?.querySelector<HTMLElement>(`[data-node="${next}"]`)?.focus();
  }

  return (
    <div className="graph">
      <More count={family.before} where="before these" />
      <fieldset
        ref={scroller}
        aria-label={`Dependency graph, ${counted(family.tasks.length, 'task')}`}
        onKeyDown={step}
      >
        <div className="plane" style={{ width: layout.width, height: layout.height }}>
          <Lines layout={layout} family={family} />
          {family.tasks.map((task) => (
            <Node
              key={task.taskId}
              task={task}
              corner={layout.corners.get(task.taskId) ?? { x: 0, y: 0 }}
              isStop={task.taskId === stop}
              onFocus={() => setStop(task.taskId)}
            />
          ))}
        </div>
      </fieldset>
      <More count={family.after} where="after these" />
    </div>
  );
}

function More({ count, where }: { readonly count: number; readonly where: string }) {
  return count > 0 && <p className="faint">{`${counted(count, 'more task')} ${where}`}</p>;
}

/** Places are found anew only when the graph is another one, not with every word that changes. */
function useLayout(family: Neighbourhood): Layout {
  const { tasks, links } = family;
  const ids = tasks.map(({ taskId }) => taskId);
  const key = JSON.stringify([ids, links.map(({ parentId, childId }) => [parentId, childId])]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that places hang on
  return useMemo(() => layOut({ tasks, links }), [key]);
}

function Lines({ layout, family }: { readonly layout: Layout; readonly family: Neighbourhood }) {
  const isDone = new Set(
    family.tasks.filter(({ seen }) => seen === null || isOver(seen.status)).map(idOf),
  );
  return (
    <svg
      className="lines"
      width={layout.width}
      height={layout.height}
      aria-hidden="true"
      focusable="false"
    >
      {layout.lines.map(({ parentId, childId, points }) => (
        <g key={`${parentId} ${childId}`} className={isDone.has(parentId) ? 'met' : 'open'}>
          <path d={curveOf(points)} />
          <path className="tip" d={tipOf(points)} />
        </g>
      ))}
    </svg>
  );
}

function Node({ task, corner, isStop, onFocus }: NodeProps) {
  const { look } = useLooking();
  const { taskId, step, seen } = task;
  const word = seen === null ? 'not on the board' : statusWords[seen.status];
  const column = seen === null ? 'archived' : columnOf(seen.status);
  return (
    <button
      type="button"
      data-node={taskId}
      className={`node ${column}`}
      style={{ ...nodePx, left: corner.x, top: corner.y }}
      tabIndex={isStop ? 0 : -1}
      aria-current={step === 0}
      title={seen?.title ?? taskId}
      onFocus={onFocus}
      onClick={() => look({ taskId })}
    >
      <span className="name">{seen?.title ?? taskId}</span>
      <span className="unseen">, </span>
      <span className="state">
        <Glyph column={column} />
        {word}
      </span>
      <span className="unseen">, {placeOf(step)}</span>
    </button>
  );
}

interface NodeProps {
  readonly task: Neighbour;
  readonly corner: Point;
  /** Tab reaches one task of the picture; arrows lead to the others. */
  readonly isStop: boolean;
  readonly onFocus: () => void;
}

const idOf = ({ taskId }: Neighbour) => taskId;
const isOver = (status: string) => ['done', 'archived', 'tombstoned'].includes(status);

function isWay(key: string): key is Way {
  return ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].includes(key);
}

function placeOf(step: number): string {
  if (step === 0) return 'this task';
  return `${counted(Math.abs(step), 'step')} ${step < 0 ? 'before' : 'after'}`;
}

/** A soft line through its points, which leaves and arrives straight down. */
function curveOf([first, ...rest]: readonly Point[]): string {
  let from = first ?? { x: 0, y: 0 };
  const bends = rest.map((to) => {
    const middle = (from.y + to.y) / 2;
    const bend = `C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
    from = to;
    return bend;
  });
  return `M${first?.x} ${first?.y}${bends.join('')}`;
}

/** The arrow where a line ends: lines come from above. */
function tipOf(points: readonly Point[]): string {
  const { x, y } = points.at(-1) ?? { x: 0, y: 0 };
  return `M${x - 4} ${y - 6}L${x} ${y - 1}L${x + 4} ${y - 6}`;
}
