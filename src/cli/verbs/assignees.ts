/** `assignees`: who has work on this board, and whether workers are defined for them. */
import type { Command } from 'commander';
import type { AssigneeRow } from '../../../projections/stats/queries.ts';
import type { Config } from '../../config.ts';
import { assigneeJson, withDefined } from '../../wire/assignee-json.ts';
import { plainLine } from '../sanitize.ts';
import { type Column, renderTable } from '../table.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Lists assignees. */
export const verb: Verb = {
  configure,
  run,
  takesAt: 'once',
  examples: [['logboard assignees', 'names, worker definitions and what is on their hands']],
};

const columns: readonly Column[] = [
  { head: 'ASSIGNEE' },
  { head: 'WORKER', stretch: true },
  { head: 'READY', align: 'right' },
  { head: 'RUNNING', align: 'right' },
  { head: 'OPEN', align: 'right' },
  { head: 'DONE', align: 'right' },
];

function configure(_command: Command): void {}

async function run(context: Context, _input: Input<unknown>): Promise<Result> {
  const { workers } = await context.config();
  const on = await context.onBoard('read');
  const rows = withDefined((await on.board.read()).assignees(on.board.nowMs()), workers);
  return {
    json: () => rows.map((row) => assigneeJson(row, workers)),
    text: () =>
      rows.length === 0
        ? ''
        : renderTable(
            columns,
            rows.map((row) => cells(row, workers)),
            on.style,
          ),
    notes: notes(rows.length, on.board.past !== undefined).map((note) =>
      on.talk.paint('dim', note),
    ),
  };
}

function notes(count: number, isPast: boolean): readonly string[] {
  if (count === 0) return ['Nobody has work, and no worker is defined.'];
  return isPast ? ['The workers are those that are defined now.'] : [];
}

function cells({ assignee, byStatus, running }: AssigneeRow, workers: Config['workers']) {
  const command = workers[assignee]?.run.join(' ');
  const open = (['triage', 'waiting', 'scheduled', 'blocked', 'halted', 'review'] as const)
    .map((status) => byStatus[status] ?? 0)
    .reduce((sum, n) => sum + n, 0);
  return [
    plainLine(assignee),
    plainLine(command ?? '– claims from outside'),
    `${byStatus.ready ?? 0}`,
    `${running}`,
    `${open}`,
    `${byStatus.done ?? 0}`,
  ];
}
