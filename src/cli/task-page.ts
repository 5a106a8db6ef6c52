/** One task on one page: where it stands, what it waits for, what was done and what happened. */
import type { CommentRow } from '../../projections/comments/comments.ts';
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { TimelineRow } from '../../projections/timeline/row.ts';
import { leaseUntilMs } from './run-json.ts';
import { runTable } from './run-table.ts';
import { plainLine, plainText } from './sanitize.ts';
import { statusLabel } from './status.ts';
import type { Style } from './style.ts';
import { taskLine } from './task-line.ts';
import { clockTime, relativeTime, shortDuration } from './time.ts';
import { timelineLine } from './timeline-words.ts';

/** Everything the page shows, read at one moment. */
export interface TaskPage {
  readonly task: TaskRow;
  readonly parents: readonly TaskRow[];
  readonly children: readonly TaskRow[];
  readonly runs: readonly RunRow[];
  readonly comments: readonly CommentRow[];
  /** The latest entries of the timeline, oldest first. */
  readonly entries: readonly TimelineRow[];
  readonly queries: Queries;
  readonly nowMs: number;
}

/** Before the lines that stand under a title. */
const indent = '  ';

/** Entries of the timeline on the page. */
const entriesMax = 20;

/** Reads the page of a task; undefined when there is no such task. */
export function readTaskPage(
  queries: Queries,
  taskId: string,
  nowMs: number,
): TaskPage | undefined {
  const task = queries.task(taskId, nowMs);
  if (task === undefined) return undefined;
  const latest = queries.timeline({ taskId, newestFirst: true, limit: entriesMax });
  return {
    task,
    parents: queries.parents(taskId, nowMs),
    children: queries.children(taskId, nowMs),
    runs: queries.runs(taskId),
    comments: queries.comments(taskId),
    entries: latest.toReversed(),
    queries,
    nowMs,
  };
}

/** The page as text. */
export function taskPageText(page: TaskPage, style: Style): string {
  const { task, nowMs } = page;
  const inner = { ...style, columns: style.columns - indent.length };
  const sections = [
    header(page, style),
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

function header({ task, runs, nowMs }: TaskPage, style: Style): string {
  const { taskId, title, status } = task;
  const name = style.paint('strong', plainLine(title));
  const first = `${taskId}  ${statusLabel(status, style)}  ${name}`;
  return [first, ...facts(task, runs.at(-1), nowMs).map((line) => `${indent}${line}`)].join('\n');
}

/** Only what is so: an empty field says nothing. */
function facts(task: TaskRow, lastRun: RunRow | undefined, nowMs: number): readonly string[] {
  const { assignee, tenant, priority, branch, model, skills, workspace } = task;
  const place =
    workspace.path === undefined ? workspace.kind : `${workspace.kind} ${workspace.path}`;
  return [
    listed([
      assignee === null ? 'nobody is assigned' : `for ${assignee}`,
      tenant === null ? undefined : `tenant ${tenant}`,
      priority === 0 ? undefined : `priority ${priority}`,
      `created ${relativeTime(task.createdAtMs, nowMs)} by ${task.createdBy}`,
    ]),
    listed([
      place === 'scratch' ? undefined : place,
      branch === null ? undefined : `branch ${branch}`,
      model === null ? undefined : `model ${model}`,
      skills.length === 0 ? undefined : `skills ${skills.join(', ')}`,
      task.maxRuntimeMs === null ? undefined : `at most ${shortDuration(task.maxRuntimeMs)}`,
      task.maxRetries === null ? undefined : `halted after ${task.maxRetries} failures`,
    ]),
    standing(task, lastRun, nowMs),
    task.lastError === null ? '' : `last error: ${task.lastError}`,
  ]
    .filter((line) => line !== '')
    .map(plainLine);
}

function standing(task: TaskRow, lastRun: RunRow | undefined, nowMs: number): string {
  switch (task.status) {
    case 'running':
      return lastRun === undefined ? '' : running(lastRun, nowMs);
    case 'blocked':
      return `blocked (${task.blockCause}): ${task.blockReason}`;
    case 'waiting':
      return `waits for ${task.openParents} of ${task.parents.length} parents`;
    case 'scheduled':
      return task.notBeforeMs === null ? '' : scheduled(task, task.notBeforeMs, nowMs);
    case 'halted':
      return `halted after ${task.failures} failures in a row: \`logboard unblock\` resumes it`;
    case 'review':
      return 'waits for a verdict: `logboard review --approve` or `--reject`';
    default:
      return '';
  }
}

function running(run: RunRow, nowMs: number): string {
  const { progress } = run;
  return listed([
    `${run.runId}, try ${run.attempt}, by ${run.opened.claimedBy}`,
    `lease ends ${relativeTime(leaseUntilMs(run) ?? nowMs, nowMs)}`,
    progress === null ? undefined : `${Math.round(progress * 100)} %`,
    run.note ?? undefined,
  ]);
}

function scheduled({ hold }: TaskRow, notBeforeMs: number, nowMs: number): string {
  const why = { schedule: '', backoff: ', after a failure', rate_limit: ', rate limited' };
  const when = relativeTime(notBeforeMs, nowMs);
  return `not before ${clockTime(notBeforeMs, nowMs)} (${when}${why[hold ?? 'schedule']})`;
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

function listed(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' · ');
}
