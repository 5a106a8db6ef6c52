/** A card: what its task is, who has it, how it goes, and what can be done with it. */
import { useDraggable } from '@dnd-kit/core';
import { memo } from 'react';
import type { Status } from '../../domain/readiness.ts';
import type { RunRecord } from '../../domain/run/record.ts';
import type { TaskRecord } from '../../domain/task/record.ts';
import { MoveMenu } from '../parts/move-menu.tsx';
import { labelOf } from '../state/card.ts';
import { shortSpan } from '../state/words.ts';
import { CardFacts, CardHead, FoundLine, ReasonLine } from './card-lines.tsx';
import { RunLine } from './run-line.tsx';

/** What a card shows: all of it is replaced when it changes, so a card draws itself only then. */
export interface CardProps {
  readonly record: TaskRecord;
  readonly status: Status;
  readonly run: RunRecord | undefined;
  /** Stale writes refused since the page was opened. */
  readonly refusals: number;
  /** Where its texts say what was searched for. */
  readonly snippet: string | undefined;
  readonly isMoving: boolean;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  /** False in the past: nothing moves or chooses it there. */
  readonly canWrite: boolean;
  /** Failures in a row after which a task is halted, unless it says otherwise. */
  readonly failureLimit: number;
  readonly isMenuOpen: boolean;
  readonly isTabStop: boolean;
  readonly nowMs: number;
  readonly open: (taskId: string) => void;
  readonly toggle: (taskId: string) => void;
  readonly focus: (taskId: string) => void;
  readonly openMenu: (taskId: string | undefined) => void;
}

/** A card of a column. */
export const CardView = memo(
  (props: CardProps) => (props.canWrite ? <MovableCard {...props} /> : <Card {...props} />),
  (one, other) => {
    const names = Object.keys(other) as (keyof CardProps)[];
    return names.every((name) => (name === 'nowMs' ? isSameTime : isSame)(one, other, name));
  },
);

function isSame(one: CardProps, other: CardProps, name: keyof CardProps): boolean {
  return one[name] === other[name];
}

/** Whether both clocks say the same on a card: only leases and holds say more than its age. */
function isSameTime(one: CardProps, { record, status, run, nowMs }: CardProps): boolean {
  if (one.nowMs === nowMs) return true;
  if (run !== undefined || status === 'scheduled') return false;
  return shortSpan(one.nowMs - record.updatedAtMs) === shortSpan(nowMs - record.updatedAtMs);
}

function MovableCard(props: CardProps) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: props.record.taskId });
  return <Card {...props} hold={{ ref: setNodeRef, ...listeners }} isLifted={isDragging} />;
}

interface HeldProps extends CardProps {
  /** By what it can be dragged. */
  readonly hold?: React.ComponentProps<'article'>;
  readonly isLifted?: boolean;
}

function Card({ hold, isLifted, ...props }: HeldProps) {
  const { record, status, run, refusals, snippet, isMoving, isOpen, isChosen, nowMs } = props;
  const { taskId } = record;
  const shown = { record, status };
  const marks = [
    isLifted && 'lifted',
    isChosen && 'chosen',
    isOpen && 'open',
    isMoving && 'moving',
  ];

  return (
    <article className={['card', status, ...marks.filter(Boolean)].join(' ')} {...hold}>
      <button
        type="button"
        className="face"
        data-task={taskId}
        tabIndex={props.isTabStop ? 0 : -1}
        aria-label={labelOf(shown, run)}
        onFocus={() => props.focus(taskId)}
        onClick={({ shiftKey, ctrlKey, metaKey }) => {
          const isChoosing = props.canWrite && (shiftKey || ctrlKey || metaKey);
          (isChoosing ? props.toggle : props.open)(taskId);
        }}
      />
      <CardHead record={record} nowMs={nowMs} />
      <p className="title">{record.task.title}</p>
      <CardFacts record={record} failureLimit={props.failureLimit} refusals={refusals} />
      {run !== undefined && <RunLine run={run} nowMs={nowMs} />}
      <ReasonLine shown={shown} nowMs={nowMs} />
      {snippet !== undefined && <FoundLine snippet={snippet} />}
      {props.canWrite && <CardTools {...props} />}
    </article>
  );
}

function CardTools({ record: { taskId }, isChosen, isMenuOpen, toggle, openMenu }: CardProps) {
  return (
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
        onOpen={(isOpen) => openMenu(isOpen ? taskId : undefined)}
      />
    </span>
  );
}
