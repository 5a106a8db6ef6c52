/** The lines of a card. */
import type { TaskRecord } from '../../domain/task/record.ts';
import { icons } from '../parts/icons.tsx';
import { reasonOf } from '../state/card.ts';
import type { Shown } from '../state/columns.ts';
import { counted, shortSpan } from '../state/words.ts';

interface HeadProps {
  readonly record: TaskRecord;
  readonly nowMs: number;
}

/** Id, priority, comments, and when it last changed. */
export function CardHead({ record, nowMs }: HeadProps) {
  const { task, taskId, commentCount } = record;
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
      {commentCount > 0 && (
        <span className="comments" title={counted(commentCount, 'comment')}>
          {icons.comment}
          {commentCount}
        </span>
      )}
      <time title="since it last changed">{shortSpan(nowMs - record.updatedAtMs)}</time>
    </p>
  );
}

interface FactsProps {
  readonly refusals: number;
  readonly record: TaskRecord;
  readonly failureLimit: number;
}

/** Who has it, whose it is, its children, how often it was tried, and what was refused. */
export function CardFacts({ record, failureLimit, refusals }: FactsProps) {
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
        <span
          className="family"
          title={`${childrenDone} of ${counted(childrenTotal, 'child', 'children')} done`}
        >
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
      {refusals > 0 && (
        <span className="refusals" title="stale writes that were refused">
          {icons.warning}
          {refusals} refused
        </span>
      )}
    </p>
  );
}

/** Why it stands where it stands, where the column does not say it. */
export function ReasonLine({ shown, nowMs }: { readonly shown: Shown; readonly nowMs: number }) {
  const reason = reasonOf(shown, nowMs);
  if (reason === undefined) return null;
  return (
    <p className={`reason ${reason.tone}`} title={reason.text}>
      {reason.text}
    </p>
  );
}

/** The text that was found; the words stand between « and ». */
export function FoundLine({ snippet }: { readonly snippet: string }) {
  return (
    <p className="found" title={snippet}>
      {snippet.split(/[«»]/).map((piece, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing but their place
        return index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece;
      })}
    </p>
  );
}
