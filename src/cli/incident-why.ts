/** Why the tasks of an incident stand where they stand, as part of a report. */
import { explain } from '../app/why.ts';
import type { Explanation } from '../domain/why/explanation.ts';
import { markdownProse } from './markdown.ts';
import type { ReportSubject } from './report-section.ts';

/** Tasks and runs that are explained; of more, the first. */
const explainedMax = 20;

/** A paragraph for each run that did not end well, and each task that is not done. */
export async function whyTheyStand({ board, taskIds }: ReportSubject): Promise<string> {
  const queries = await board.read();
  const remarkable = taskIds.flatMap((taskId) => {
    const failed = queries.runs(taskId).filter(({ outcome }) => outcome !== 'completed');
    const isDone = queries.task(taskId, board.nowMs())?.status === 'done';
    return [...failed.map(({ runId }) => runId), ...(isDone ? [] : [taskId])];
  });
  const shown = remarkable.slice(0, explainedMax);
  const paragraphs: string[] = [];
  for (const id of shown) {
    const why = await explain(board, id);
    if (!why.refused) paragraphs.push(paragraphOf(why));
  }
  const hidden = remarkable.length - shown.length;
  if (hidden > 0) paragraphs.push(`… and ${hidden} more: \`logboard why <task or run>\`.`);
  return paragraphs.join('\n\n');
}

function paragraphOf({ subject, headline, rule, seen, unknown, prevention }: Explanation): string {
  const of = subject.kind === 'run' ? ` of ${subject.taskId}` : '';
  const points = [
    `Rule: ${markdownProse(rule.text)}`,
    ...seen.map(({ text, position }) => `Seen: ${markdownProse(text)}${placeOf(position)}`),
    ...unknown.map((text) => `Not known: ${markdownProse(text)}`),
    ...prevention.map((text) => `What helps: ${markdownProse(text)}`),
  ];
  const head = `**${subject.id}**${of}: ${markdownProse(headline)}`;
  return [head, points.map((point) => `- ${point}`).join('\n')].join('\n\n');
}

function placeOf(position: number | null): string {
  return position === null ? '' : ` (at ${position})`;
}
