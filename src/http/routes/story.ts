/** What happened, and why. */
import * as z from 'zod';
import { noSuchRun, noSuchTask } from '../../app/plans.ts';
import { rangeOf } from '../../app/position-at.ts';
import { readStory } from '../../app/story.ts';
import { createPastReader } from '../../app/task-past.ts';
import { said } from '../../domain/said.ts';
import { timelineJson } from '../../wire/timeline-json.ts';
import { entryDocument } from '../documents.ts';
import { readers } from '../principal.ts';
import { type Call, type Route, route } from '../route.ts';
import { type TimelineQuery, timelineQuery } from '../timeline-query.ts';

/** The routes that tell stories. */
export const storyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/timeline',
    summary: 'what happened to tasks, or on the whole board: the latest entries, oldest first',
    allow: readers,
    takesAt: true,
    query: timelineQuery,
    answer: z.object({ entries: z.array(entryDocument) }),
    handle: timeline,
  }),
];

async function timeline({ board, query, read }: Call<unknown, TimelineQuery>) {
  const { queries, position, nowMs } = await read();
  const { from, to, tasks: taskIds, run: runId, assignee, host, kinds, limit } = query;
  const unknown = taskIds?.find((id) => queries.task(id, nowMs) === undefined);
  if (unknown !== undefined) return noSuchTask(unknown);
  if (runId !== undefined && queries.run(runId) === undefined) return noSuchRun(runId);
  const isRange = from !== undefined || to !== undefined;
  const range = isRange ? await rangeOf(board.log, { from, to }, nowMs) : undefined;
  if (range?.refused) return range;
  const within =
    range === undefined ? {} : { afterPosition: range.first - 1, beforePosition: range.last + 1 };
  const minImportance = Number(query.importance) as 1 | 2 | 3;
  const whose = said({ taskIds, runId, assignee, host, kinds });
  const source = { reader: createPastReader(board.log), queries, nowMs };
  const entries = await readStory(source, { ...whose, ...within, limit, minImportance }, range);
  return { json: { entries: entries.map(timelineJson) }, position };
}
