/** What is different on the board between two moments, for people: figures first, then tasks. */
import type {
  BoardDiff,
  FieldChange,
  Moment,
  Moments,
  TaskDiff,
} from '../../app/diff/board-diff.ts';
import { counted, figure } from '../../wire/counted.ts';
import { plainLine } from '../sanitize.ts';
import { outcomeLabel, statusLabel } from '../status.ts';
import type { Style } from '../style.ts';
import { clockTime, shortDuration } from '../time.ts';
import { cutTo, widthOf } from '../width.ts';

/** The difference as text. */
export function boardDiffText(
  { before, after }: Moments,
  diff: BoardDiff,
  { style, nowMs }: { readonly style: Style; readonly nowMs: number },
): string {
  const place = ({ position, atMs }: Moment) => `#${figure(position)} ${clockTime(atMs, nowMs)}`;
  const took = shortDuration(after.atMs - before.atMs);
  const statuses = diff.byStatus.map(({ status, before: was, after: is }) => {
    return `  ${statusLabel(status, style)}  ${figure(was)} → ${figure(is)}`;
  });
  return [
    `${style.paint('strong', `${place(before)} → ${place(after)}`)}  ${took}`,
    countsLine(diff),
    ...statuses,
    ...(diff.tasks.length === 0 ? [] : ['']),
    ...diff.tasks.flatMap((task) => taskLines(task, style)),
  ].join('\n');
}

function countsLine({ counts }: BoardDiff): string {
  const { created, ended, moved, reassigned, edited, comments, runs } = counts;
  const parts = [
    [created, `${counted(created, 'task')} created`],
    [ended, `${figure(ended)} ended`],
    [moved, `${figure(moved)} moved`],
    [reassigned, `${figure(reassigned)} reassigned`],
    [edited, `${figure(edited)} edited`],
    [runs, counted(runs, 'run')],
    [comments, counted(comments, 'comment')],
  ] as const;
  const said = parts.flatMap(([n, text]) => (n === 0 ? [] : [text]));
  return said.length === 0 ? 'no task is different' : said.join(', ');
}

function taskLines(task: TaskDiff, style: Style): readonly string[] {
  const { status, isNew } = task;
  const was = status.before === null ? 'new' : statusLabel(status.before, style);
  const hasMoved = isNew || status.before !== status.after;
  const where = hasMoved ? `${was} → ${statusLabel(status.after, style)}` : was;
  const head = `${task.taskId}  ${where}  `;
  const room = Math.max(16, style.columns - widthOf(head));
  const details = [
    ...(task.assignee === null ? [] : [changeText(task.assignee)]),
    ...task.fields.map(changeText),
    ...task.runs.map(
      (run) => `try ${run.attempt} ${run.runId}  ${outcomeLabel(run.outcome, style)}`,
    ),
    ...(task.comments > 0 ? [counted(task.comments, 'comment')] : []),
  ];
  return [
    `${head}${cutTo(room, plainLine(task.title))}`,
    ...details.map((text) => `  ${widthOf(text) > style.columns - 2 ? cut(text, style) : text}`),
  ];
}

/** Only plain text is ever too long. */
function cut(text: string, { columns }: Style): string {
  return cutTo(columns - 2, text);
}

function changeText({ field, before, after }: FieldChange): string {
  return `${field}: ${valueText(before)} → ${valueText(after)}`;
}

/** Longest value shown; the whole of it stands in the JSON. */
const valueMax = 60;

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cutTo(valueMax, plainLine(text));
}
