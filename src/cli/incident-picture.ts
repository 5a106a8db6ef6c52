/** The picture of an incident: the lives of its tasks, side by side. */
import { readPicture } from '../app/picture.ts';
import { createPastReader } from '../app/task-past.ts';
import type { ReportSubject } from './report-section.ts';
import { timelineSvg } from './svg/timeline-svg.ts';

/** Tasks in a picture; of more, the first. */
const tasksMax = 40;

/** Draws the tasks as SVG; of a window, what lies within. Undefined where there is no task. */
export async function drawIncident(subject: ReportSubject): Promise<string | undefined> {
  const { board, taskIds, window } = subject;
  if (taskIds.length === 0) return undefined;
  const queries = await board.read();
  const after = (window?.first ?? 1) - 1;
  const [first] = window === null ? [] : await board.log.readAll({ after, limit: 1 });
  const picture = await readPicture(createPastReader(board.log), queries, {
    taskIds: taskIds.slice(0, tasksMax),
    nowMs: board.nowMs(),
    fromAtMs: first?.recordedAtMs,
  });
  return timelineSvg(picture);
}
