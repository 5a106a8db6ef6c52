/** A card: what its task is, who has it, how it goes, and what can be done with it. */
import { useDraggable } from '@dnd-kit/core';
import { memo } from 'react';
import type { Status } from '../../domain/readiness.ts';
import type { RunRecord } from '../../domain/run/record.ts';
import type { TaskRecord } from '../../domain/task/record.ts';
import { MoveMenu } from '../parts/move-menu.tsx';
import { useLooking } from '../shell/page-context.ts';
import { useSelection } from '../shell/selection.ts';
import { labelOf } from '../state/card.ts';
import { CardFacts, CardHead, ReasonLine } from './card-lines.tsx';
import { RunLine } from './run-line.tsx';

/** What a card shows: all of it is replaced when it changes, so a card draws itself only then. */
export interface CardProps {
  readonly record: TaskRecord;
  readonly status: Status;
  readonly run: RunRecord | undefined;
  /** Stale writes refused since the page was opened. */
  readonly refusals: number;
  readonly isMoving: boolean;
  readonly isMenuOpen: boolean;
  readonly isTabStop: boolean;
  readonly nowMs: number;
  readonly focus: (taskId: string) => void;
  readonly openMenu: (taskId: string | undefined) => void;
}

/** A card of a column. */
export const CardView = memo((props: CardProps) => {
  const { record, status, run, refusals, isMoving, isMenuOpen, isTabStop, nowMs } = props;
  const { taskId } = record;
  const shown = { record, status };
  const { address, look } = useLooking();
  const { chosen, toggle } = useSelection();
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: taskId });
  const isChosen = chosen.has(taskId);
  const marks = [
    isDragging && 'lifted',
    isChosen && 'chosen',
    address.taskId === taskId && 'open',
    isMoving && 'moving',
  ];

  return (
    <article
      ref={setNodeRef}
      className={['card', status, ...marks.filter(Boolean)].join(' ')}
      {...listeners}
    >
      <button
        type="button"
        className="face"
        data-task={taskId}
        tabIndex={isTabStop ? 0 : -1}
        aria-label={labelOf(shown, run)}
        onFocus={() => props.focus(taskId)}
        onClick={({ shiftKey, ctrlKey, metaKey }) => {
          if (shiftKey || ctrlKey || metaKey) toggle(taskId);
          else look({ taskId });
        }}
      />
      <CardHead record={record} refusals={refusals} nowMs={nowMs} />
      <p className="title">{record.task.title}</p>
      <CardFacts record={record} />
      {run !== undefined && <RunLine run={run} nowMs={nowMs} />}
      <ReasonLine shown={shown} nowMs={nowMs} />
      <span className="tools">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Choose ${taskId}`}
          checked={isChosen}
          onChange={() => toggle(taskId)}
        />
        <MoveMenu
          taskId={taskId}
          isOpen={isMenuOpen}
          onOpen={(isOpen) => props.openMenu(isOpen ? taskId : undefined)}
        />
      </span>
    </article>
  );
});
