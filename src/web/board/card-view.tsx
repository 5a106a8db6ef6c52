/** A card: what its task is, who has it, how it goes, and what can be done with it. */
import { useDraggable } from '@dnd-kit/core';
import type { RunRecord } from '../../domain/run/record.ts';
import { icons } from '../parts/icons.tsx';
import { MoveMenu } from '../parts/move-menu.tsx';
import { useLooking, useParts } from '../shell/page-context.ts';
import { useSelection } from '../shell/selection.ts';
import { labelOf, reasonOf } from '../state/card.ts';
import type { Shown } from '../state/columns.ts';
import { shortSpan } from '../state/words.ts';
import { RunLine } from './run-line.tsx';
import type { BoardKeys } from './use-board-keys.ts';

interface CardProps {
  readonly shown: Shown;
  readonly nowMs: number;
  readonly keys: BoardKeys;
  readonly isTabStop: boolean;
}

/** A card of a column. */
export function CardView({ shown, nowMs, keys, isTabStop }: CardProps) {
  const { taskId } = shown.record;
  const { live, pending } = useParts();
  const { address, look } = useLooking();
  const { chosen, toggle } = useSelection();
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: taskId });
  const run = runOf(shown, live.fold().runs);
  const isChosen = chosen.has(taskId);
  const marks = [
    isDragging && 'lifted',
    isChosen && 'chosen',
    address.taskId === taskId && 'open',
    pending.moves().has(taskId) && 'moving',
  ];

  return (
    <article
      ref={setNodeRef}
      className={['card', shown.status, ...marks.filter(Boolean)].join(' ')}
      {...listeners}
    >
      <button
        type="button"
        className="face"
        data-task={taskId}
        tabIndex={isTabStop ? 0 : -1}
        aria-label={labelOf(shown, run)}
        onFocus={() => keys.focus(taskId)}
        onClick={({ shiftKey, ctrlKey, metaKey }) => {
          if (shiftKey || ctrlKey || metaKey) toggle(taskId);
          else look({ taskId });
        }}
      />
      <CardHead shown={shown} nowMs={nowMs} />
      <p className="title">{shown.record.task.title}</p>
      <CardFacts shown={shown} />
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
          isOpen={keys.menu === taskId}
          onOpen={(isOpen) => keys.openMenu(isOpen ? taskId : undefined)}
        />
      </span>
    </article>
  );
}

function runOf(
  { record: { task } }: Shown,
  runs: ReadonlyMap<string, RunRecord>,
): RunRecord | undefined {
  return task.standing.status === 'running' ? runs.get(task.standing.claim.runId) : undefined;
}

function CardHead({ shown: { record }, nowMs }: Pick<CardProps, 'shown' | 'nowMs'>) {
  const { task, taskId, commentCount } = record;
  const { live } = useParts();
  const refusals = live.fold().refusals.get(taskId) ?? 0;
  return (
    <p className="head">
      <span className="id">{taskId}</span>
      {task.priority !== 0 && (
        <span className={task.priority > 0 ? 'priority high' : 'priority low'}>
          {task.priority > 0 ? icons.up : icons.down}
          {Math.abs(task.priority)}
        </span>
      )}
      <span className="gap" />
      {refusals > 0 && (
        <span className="refusals" title="stale writes that were refused">
          {icons.warning}
          {refusals} refused
        </span>
      )}
      {commentCount > 0 && (
        <span className="comments" title={`${commentCount} comments`}>
          {icons.comment}
          {commentCount}
        </span>
      )}
      <time title="since it last changed">{shortSpan(nowMs - record.updatedAtMs)}</time>
    </p>
  );
}

function CardFacts({ shown: { record } }: Pick<CardProps, 'shown'>) {
  const { failureLimit } = useParts();
  const { task, childrenTotal, childrenDone } = record;
  const limit = task.maxRetries ?? failureLimit;
  const isFinished = ['done', 'archived', 'tombstoned'].includes(task.standing.status);
  return (
    <p className="facts">
      <span className={task.assignee === null ? 'assignee nobody' : 'assignee'}>
        {task.assignee ?? 'nobody'}
      </span>
      {task.tenant !== null && <span className="tenant">{task.tenant}</span>}
      {childrenTotal > 0 && (
        <span className="family" title={`${childrenDone} of ${childrenTotal} children done`}>
          {icons.children}
          {childrenDone}/{childrenTotal}
        </span>
      )}
      {task.attempts > 0 && !isFinished && (
        <span className={task.failures > 0 ? 'tries failing' : 'tries'}>
          try {task.attempts}
          {task.attempts <= limit && `/${limit}`}
        </span>
      )}
    </p>
  );
}

function ReasonLine({ shown, nowMs }: Pick<CardProps, 'shown' | 'nowMs'>) {
  const reason = reasonOf(shown, nowMs);
  if (reason === undefined) return null;
  return (
    <p className={`reason ${reason.tone}`} title={reason.text}>
      {reason.text}
    </p>
  );
}
