/** A task as a line of a replayed board: whose it is, which try, how old, how long its lease. */
import type { Queries } from '../../../projections/index.ts';
import type { ListedTask } from '../../../projections/tasks/row.ts';
import { leaseUntilMs } from '../../wire/run-json.ts';
import { plainLine } from '../sanitize.ts';
import type { Tone } from '../style.ts';
import { relativeTime, shortDuration } from '../time.ts';
import { exactly, type Piece } from './cells.ts';

/** What a line needs besides the task. */
export interface TaskCellsOptions {
  readonly queries: Queries;
  /** The clock of the board as it was, UTC ms. */
  readonly nowMs: number;
  readonly columns: number;
  /** The event just shown changed it. */
  readonly isChanged: boolean;
}

const [idWidth, assigneeWidth, ageWidth, restWidth] = [12, 10, 4, 14];

/** Narrower screens show less of a task. */
const wideFrom = 64;

/** The task in one line: `› T-…  Measure the hull   paint  2   12s  lease 14s`. */
export function taskCells(task: ListedTask, options: TaskCellsOptions): readonly Piece[] {
  const { nowMs, columns, isChanged } = options;
  const tone: Tone | undefined = isChanged ? 'strong' : undefined;
  const isWide = columns >= wideFrom;
  const [rest, restTone] = restOf(task, options);
  const whose = [
    exactly(assigneeWidth, plainLine(task.assignee ?? '–')),
    exactly(2, task.attempts === 0 ? '–' : `${task.attempts}`, 'right'),
    exactly(ageWidth, shortDuration(nowMs - task.createdAtMs), 'right'),
  ].join('  ');
  const fixed = 2 + idWidth + 2 + 2 + (isWide ? whose.length + 2 : 0) + restWidth;
  const title = exactly(Math.max(8, columns - fixed), plainLine(task.title));
  return [
    { text: `${isChanged ? '›' : ' '} ${exactly(idWidth, task.taskId)}  ${title}  `, tone },
    ...(isWide ? [{ text: `${whose}  ` }] : []),
    { text: exactly(restWidth, rest), tone: restTone },
  ];
}

/** What matters about a task depends on where it stands. */
function restOf(task: ListedTask, { queries, nowMs }: TaskCellsOptions): readonly [string, Tone?] {
  switch (task.status) {
    case 'running':
      return leaseOf(task, queries, nowMs);
    case 'scheduled':
      return [task.notBeforeMs === null ? '' : relativeTime(task.notBeforeMs, nowMs)];
    case 'waiting':
      return [`waits for ${task.openParents}`];
    case 'blocked':
      return [`${task.blockCause ?? ''}`, 'warn'];
    case 'halted':
      return [`${task.failures} failed`, 'bad'];
    case 'done':
      return [task.doneAtMs === null ? '' : relativeTime(task.doneAtMs, nowMs), 'dim'];
    default:
      return [''];
  }
}

function leaseOf(task: ListedTask, queries: Queries, nowMs: number): readonly [string, Tone?] {
  const run = task.currentRunId === null ? undefined : queries.run(task.currentRunId);
  const untilMs = run === undefined ? null : leaseUntilMs(run);
  if (untilMs === null) return [''];
  if (untilMs <= nowMs) return [`over for ${shortDuration(nowMs - untilMs)}`, 'bad'];
  return [`lease ${shortDuration(untilMs - nowMs)}`, 'active'];
}
