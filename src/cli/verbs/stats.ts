/** `stats`: the board in figures. */
import type { Command } from 'commander';
import type { Stats } from '../../../projections/stats/queries.ts';
import { statuses } from '../../domain/readiness.ts';
import { counted } from '../../wire/counted.ts';
import { statsJson } from '../../wire/stats-json.ts';
import { plainLine } from '../sanitize.ts';
import { statusLabel } from '../status.ts';
import type { Style } from '../style.ts';
import { renderTable } from '../table.ts';
import { shortDuration } from '../time.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Counts the board. */
export const verb: Verb = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard stats', 'tasks by status and assignee, and how long the oldest ready one waits'],
    ['logboard stats --json | jq .byStatus.ready', 'one figure, for a script'],
  ],
};

function configure(_command: Command): void {}

async function run(context: Context, _input: Input<unknown>): Promise<Result> {
  const on = await context.onBoard('read');
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  const stats = queries.stats(nowMs);
  const isPaused = queries.board()?.isPaused ?? false;
  return {
    json: () => statsJson(queries, on.board.projections.checkpoint(), nowMs),
    text: () => statsText(stats, isPaused, on.style),
  };
}

function statsText(stats: Stats, isPaused: boolean, style: Style): string {
  const { total, byStatus, byAssignee, oldestReadyAgeMs } = stats;
  const present = statuses.filter((status) => (byStatus[status] ?? 0) > 0);
  const figures = present.map((status) => [statusLabel(status, style), `${byStatus[status]}`]);
  const names = Object.keys(byAssignee).sort();
  const rows = names.map((name) => [
    name === '' ? style.paint('dim', 'nobody') : plainLine(name),
    ...present.map((status) => countText(byAssignee[name]?.[status], style)),
  ]);
  const heads = ['ASSIGNEE', ...present.map((status) => status.toUpperCase())];
  const columns = heads.map(
    (head, index) => ({ head, align: index === 0 ? 'left' : 'right' }) as const,
  );
  return [
    `${counted(total, 'task')}${isPaused ? style.paint('warn', ', the board is paused') : ''}`,
    oldestReadyAgeMs === null
      ? ''
      : `the oldest ready one has waited ${shortDuration(oldestReadyAgeMs)}`,
    total === 0 ? '' : `\n${renderTable([{}, { align: 'right' }], figures, style)}`,
    total === 0 ? '' : `\n${renderTable(columns, rows, style)}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function countText(value: number | undefined, style: Style): string {
  return value === undefined ? style.paint('dim', '–') : `${value}`;
}
