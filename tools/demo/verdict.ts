/** Whether the demo went as it must: the story, the invariants, and no process left behind. */
import { existsSync } from 'node:fs';
import type { Queries } from '../../projections/index.ts';
import type { Upkeep } from '../../src/cli/upkeep.ts';
import type { Cast } from './plan.ts';

/** One thing that must be so. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
}

/** Checks the story on the tables. */
export function checkStory(queries: Queries, cast: Cast, nowMs: number): readonly Check[] {
  const outcomes = (taskId: string) =>
    queries
      .runs(taskId)
      .map(({ outcome }) => outcome ?? 'open')
      .join(', ');
  const status = (taskId: string) => queries.task(taskId, nowMs)?.status ?? 'missing';
  const expectRuns = (what: string, taskId: string, expected: string): Check => {
    const found = outcomes(taskId);
    return { what, ok: found === expected, found };
  };
  const expectStatus = (what: string, taskId: string, expected: string): Check => {
    const found = status(taskId);
    return { what, ok: found === expected, found };
  };
  const undone = cast.surveys.filter((taskId) => status(taskId) !== 'done');
  const refused = queries.refused({ taskId: cast.frozen }).length;
  return [
    { what: 'every folder was measured', ok: undone.length === 0, found: `${undone.length} open` },
    expectRuns('the killed worker was replaced', cast.killed, 'crashed, completed'),
    expectRuns('the frozen worker was replaced', cast.frozen, 'reclaimed, completed'),
    { what: 'its late words were refused', ok: refused > 0, found: `${refused} refused writes` },
    expectRuns('the broken task was tried twice', cast.broken, 'crashed, crashed'),
    expectStatus('and then halted', cast.broken, 'halted'),
    expectStatus('the report is written', cast.report, 'done'),
    expectStatus('the announcement waits for review', cast.review, 'review'),
  ];
}

/** Checks the log, the tables, and that no worker is left. */
export async function checkBoard(
  upkeep: Upkeep,
  directory: string,
  pids: readonly number[],
): Promise<readonly Check[]> {
  const report = await upkeep.verify(directory, { nowMs: Date.now() }, () => {});
  if (report.refused) throw new Error(report.message);
  const { problems, position } = report;
  const left = pids.filter((pid) => existsSync(`/proc/${pid}`));
  const [first] = problems;
  return [
    {
      what: 'hash chain, invariants and tables verify',
      ok: problems.length === 0,
      found: first ? `${first.subject}: ${first.found}` : `${position} events`,
    },
    { what: 'no worker is left', ok: left.length === 0, found: `${left.length} of ${pids.length}` },
  ];
}
