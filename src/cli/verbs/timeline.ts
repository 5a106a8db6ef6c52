/** `timeline`: what happened to tasks, or on the whole board; in words, or as a picture. */
import { noSuchRun, noSuchTask } from '../../app/plans.ts';
import { readStory } from '../../app/story.ts';
import { createPastReader } from '../../app/task-past.ts';
import { said } from '../../domain/said.ts';
import { timelineJson } from '../../wire/timeline-json.ts';
import { runIdOf, taskIdOf } from '../ids.ts';
import { timelineKindsOf } from '../timeline-kinds.ts';
import { followLinks } from '../timeline-links.ts';
import {
  declareTimelineOptions,
  filterOf,
  pageFile,
  readRange,
  type TimelineOptions,
} from '../timeline-options.ts';
import { timelineLine } from '../timeline-words.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Tells the story of tasks or of the board. */
export const verb: Verb<TimelineOptions> = {
  configure: declareTimelineOptions,
  run,
  takesAt: 'once',
  examples: [
    ['logboard timeline T-0A1B2C3D4E', 'the story of a task'],
    ['logboard timeline --importance 3', 'what went wrong lately, and where people stepped in'],
    ['logboard timeline --from -2h --kinds reclaimed,suspect,refused', 'silent workers'],
    ['logboard timeline --causes 4711', 'what led to an event, step by step'],
    ['logboard timeline --from 02:00 --html night.html', 'the night as a page to look at closely'],
  ],
};

async function run(context: Context, { args, options }: Input<TimelineOptions>): Promise<Result> {
  const taskIds = args.length === 0 ? undefined : [...new Set(args.map(taskIdOf))];
  const runId = options.run === undefined ? undefined : runIdOf(options.run);
  const kinds = options.kinds && timelineKindsOf(options.kinds);
  const file = pageFile(options);
  const on = await context.onBoard('read');
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  const unknown = taskIds?.find((id) => queries.task(id, nowMs) === undefined);
  if (unknown !== undefined) return noSuchTask(unknown);
  if (runId !== undefined && queries.run(runId) === undefined) return noSuchRun(runId);
  const range = await readRange(on.board.log, options, nowMs);
  if (range?.refused) return range;
  const wanted = { ...said({ taskIds, runId, kinds }), ...filterOf(options, range) };
  if (file !== undefined) {
    const { writeTimelinePage } = await import('../write-timeline-page.ts');
    return writeTimelinePage(on, { queries, filter: wanted, range, file });
  }
  const source = { reader: createPastReader(on.board.log), queries, nowMs };
  const linked = await followLinks(source, on.board.log, options);
  if (linked !== undefined && 'refused' in linked) return linked;
  const entries = linked ?? (await readStory(source, wanted, range));
  const withTask = taskIds?.length !== 1;
  const { style } = on;
  return {
    json: () => entries.map(timelineJson),
    text: () => entries.map((row) => timelineLine(row, { style, nowMs, withTask })).join('\n'),
  };
}
