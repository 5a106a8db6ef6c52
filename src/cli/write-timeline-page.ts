/** Writes the page of a timeline: which tasks are on it, and where it goes. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Queries } from '../../projections/queries.ts';
import type { TimelineFilter } from '../../projections/timeline/queries.ts';
import { readPicture } from '../app/picture.ts';
import { tasksPictured } from '../app/pictured-tasks.ts';
import type { PastRange } from '../app/position-at.ts';
import { createPastReader } from '../app/task-past.ts';
import { counted } from '../wire/counted.ts';
import { timelinePage } from './html/timeline-page.ts';
import { UsageError } from './usage-error.ts';
import type { BoardContext, Result } from './verb.ts';

/** Which page. */
export interface PageWanted {
  readonly queries: Queries;
  readonly filter: TimelineFilter;
  readonly range: PastRange | undefined;
  readonly file: string;
}

/** Most tasks on one page: beyond that, nobody looks and browsers groan. */
const tasksMax = 2_000;

/** Writes the page and says where it is. Throws `UsageError` when it cannot be written there. */
export async function writeTimelinePage(on: BoardContext, wanted: PageWanted): Promise<Result> {
  const { queries, filter, range } = wanted;
  const nowMs = on.board.nowMs();
  const all = tasksPictured(queries, { filter, range }, nowMs);
  // The latest are kept; they are shown in the order of their age.
  const tasks = all.slice(0, tasksMax).sort((one, other) => one.seq - other.seq);
  const taskIds = tasks.map(({ taskId }) => taskId);
  const span = { fromAtMs: range?.fromAtMs, toAtMs: range?.toAtMs };
  const reader = createPastReader(on.board.log);
  const picture = await readPicture(reader, queries, { taskIds, nowMs, ...span });
  const board = queries.board()?.name ?? 'board';
  const omitted = all.length - tasks.length;
  const file = resolve(on.io.directory, wanted.file);
  const bytes = write(file, timelinePage(picture, { board, nowMs, omitted }));
  const segments = picture.tasks.reduce((sum, task) => sum + task.segments.length, 0);
  const left = omitted === 0 ? '' : `; ${counted(omitted, 'older task')} left out`;
  const what = `${counted(tasks.length, 'task')}, ${counted(segments, 'segment')}`;
  return {
    json: () => ({ file, bytes, tasks: tasks.length, segments, omitted }),
    text: () => `${on.style.paint('good', '✓ written')}  ${file} (${what}${left})`,
  };
}

function write(file: string, page: string): number {
  try {
    writeFileSync(file, page);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The page cannot be written: ${why}.`, 'Name a file that can be written.');
  }
  return Buffer.byteLength(page);
}
