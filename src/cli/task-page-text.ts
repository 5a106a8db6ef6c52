/** One task on one page: where it stands, what it waits for, what was done and what happened. */
import type { CommentRow } from '../../projections/comments/comments.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { TimelineRow } from '../../projections/timeline/row.ts';
import type { TaskPage } from '../wire/task-page.ts';
import { runTable } from './run-table.ts';
import { plainLine, plainText } from './sanitize.ts';
import type { Style } from './style.ts';
import { taskLine } from './task-line.ts';
import { header, trouble } from './task-page-header.ts';
import { relativeTime } from './time.ts';
import { timelineLine } from './timeline-words.ts';

/** Before the lines that stand under a title. */
const indent = '  ';

/** The page as text. */
export function taskPageText(page: TaskPage, style: Style): string {
  const { task, nowMs } = page;
  const inner = { ...style, columns: style.columns - indent.length };
  const sections = [
    header(page, style),
    section('Trouble', trouble(page, inner), style),
    section(
      'Waits for',
      page.parents.map((each) => taskLine(each, inner)),
      style,
    ),
    section(
      'Feeds',
      page.children.map((each) => taskLine(each, inner)),
      style,
    ),
    section('Task', lines(task.body), style),
    section('Result', handOff(task), style),
    section('Runs', runTable(page.runs, inner, nowMs).split('\n'), style),
    section(
      'Comments',
      page.comments.flatMap((each) => comment(each, inner, nowMs)),
      style,
    ),
    section(
      'Timeline',
      page.entries.map((row) => entry(row, inner, nowMs)),
      style,
    ),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function handOff({ handOff }: TaskRow): readonly string[] {
  if (handOff === null) return [];
  const { summary, result, metadata, artifacts = [] } = handOff;
  return [
    ...lines(summary),
    ...lines(result),
    ...(metadata === undefined ? [] : lines(JSON.stringify(metadata, null, 2))),
    ...artifacts.map(({ name, bytes }) => `${plainLine(name)} (${bytes} bytes)`),
  ];
}

function comment({ author, atMs, runId, body }: CommentRow, style: Style, nowMs: number): string[] {
  const from = runId === null || runId === author ? author : `${author} (${runId})`;
  const head = `${plainLine(from)}, ${relativeTime(atMs, nowMs)}`;
  return [style.paint('dim', head), ...lines(body).map((line) => `${indent}${line}`)];
}

function entry(row: TimelineRow, style: Style, nowMs: number): string {
  return timelineLine(row, { style, nowMs, withTask: false });
}

function section(title: string, rows: readonly string[], style: Style): string {
  if (rows.join('') === '') return '';
  return [style.paint('strong', title), ...rows.map((row) => `${indent}${row}`)].join('\n');
}

function lines(text: string | null | undefined): readonly string[] {
  return text === null || text === undefined || text === '' ? [] : plainText(text).split('\n');
}
