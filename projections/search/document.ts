/** The documents of `search`: which texts a step has brought or changed. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { NoteEvent } from '../../src/domain/note/events.ts';
import type { Change, Step } from '../projection.ts';
import type { RunRow } from '../runs/row.ts';
import type { TaskRow } from '../tasks/row.ts';

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
  return [
    ...tasks.filter(hasNewText).map(({ after }) => taskDocument(after)),
    ...runs.filter(hasEnded).map(({ after }) => runDocument(after)),
    ...(event.type === 'CommentAdded' ? [commentDocument(event)] : []),
  ];
}

function hasNewText({ before, after }: Change<TaskRow>): boolean {
  return (
    before?.title !== after.title || before.body !== after.body || before.handOff !== after.handOff
  );
}

function hasEnded({ before, after }: Change<RunRow>): boolean {
  return before?.ending !== after.ending;
}

const noTexts = { title: null, body: null, comment: null, summary: null } as const;

function taskDocument(task: TaskRow): SearchDocument {
  const { seq, taskId, title, body, handOff } = task;
  const summary = lines(handOff?.summary, handOff?.result);
  return { ...noTexts, rowid: seq, taskId, title, body, summary };
}

function runDocument({ seq, taskId, ending }: RunRow): SearchDocument {
  const summary = lines(ending?.summary, ending?.result, ending?.reason, ending?.error);
  return { ...noTexts, rowid: seq, taskId, summary };
}

function commentDocument(event: Recorded<NoteEvent>): SearchDocument {
  const taskId = streamId(event.stream);
  return { ...noTexts, rowid: event.position, taskId, comment: event.data.body };
}

function lines(...texts: readonly (string | undefined)[]): string | null {
  const present = texts.filter((text) => text !== undefined);
  return present.length === 0 ? null : present.join('\n');
}
