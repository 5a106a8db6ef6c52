/** The documents of `search`: which texts a step has brought or changed. */
import { streamId } from '../../src/domain/catalogue.ts';
import type { Change } from '../../src/domain/change.ts';
import type { RunRecord } from '../../src/domain/run/record.ts';
import type { TaskRecord } from '../../src/domain/task/record.ts';
import type { CommentRow } from '../comments/comments.ts';
import type { Step } from '../projection.ts';

/** Texts that are found together. Each stands in the column of its kind; null is none. */
export interface SearchDocument {
  /** The seq of the task or the run, or the position of the comment. */
  readonly rowid: number;
  readonly taskId: string;
  readonly title: string | null;
  readonly body: string | null;
  readonly comment: string | null;
  readonly summary: string | null;
}

/** The documents to write after a step; one that was there already is replaced. */
export function documentsOf({ event, tasks, runs }: Step): readonly SearchDocument[] {
  const documents: SearchDocument[] = [];
  for (const change of tasks) if (hasNewText(change)) documents.push(taskDocument(change.after));
  for (const change of runs) if (hasEnded(change)) documents.push(runDocument(change.after));
  if (event.type === 'CommentAdded') {
    const { position, stream, data } = event;
    documents.push(commentDocument({ position, taskId: streamId(stream), body: data.body }));
  }
  return documents;
}

function hasNewText({ before, after: { task } }: Change<TaskRecord>): boolean {
  return (
    before?.task.title !== task.title ||
    before.task.body !== task.body ||
    before.task.handOff !== task.handOff
  );
}

function hasEnded({ before, after }: Change<RunRecord>): boolean {
  return after.end !== null && before?.end !== after.end;
}

/** What is found of a task itself. */
export function taskDocument({ seq, taskId, task }: TaskRecord): SearchDocument {
  const { title, body, handOff } = task;
  const summary = lines(handOff?.summary, handOff?.result);
  return { rowid: seq, taskId, title, body, comment: null, summary };
}

/** What is found of a run that has ended. */
export function runDocument({ seq, run, end }: RunRecord): SearchDocument {
  const ending = end?.ending;
  const summary = lines(ending?.summary, ending?.result, ending?.reason, ending?.error);
  const { taskId } = run.opened;
  return { rowid: seq, taskId, title: null, body: null, comment: null, summary };
}

/** What is found of a comment. */
export function commentDocument({
  position,
  taskId,
  body,
}: Pick<CommentRow, 'position' | 'taskId' | 'body'>): SearchDocument {
  return { rowid: position, taskId, title: null, body: null, comment: body, summary: null };
}

function lines(...texts: readonly (string | undefined)[]): string | null {
  const present = texts.filter((text) => text !== undefined);
  return present.length === 0 ? null : present.join('\n');
}
