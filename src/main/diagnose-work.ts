/** The doctor's look at who works on a board: dispatchers, and the processes of open runs. */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import { type DispatcherProbe, dispatchersSeen, type SeenDispatcher } from '../app/fleet.ts';
import type { Finding } from '../cli/upkeep.ts';
import { readBootId } from '../host/host-identity.ts';
import { createProbe } from '../host/probe.ts';
import { createProcessTable } from '../host/process-table.ts';
import { leaseUntilMs } from '../wire/run-json.ts';
import { ok, warn } from './finding.ts';

/** Looks at dispatchers and runs, as the tables know them. */
export function* diagnoseWork(
  queries: Queries,
  probeDispatcher: DispatcherProbe,
): Generator<Finding> {
  yield dispatchers(dispatchersSeen(queries.dispatchers(), probeDispatcher));
  if (queries.board()?.isPaused) {
    yield warn('board', 'it is paused: nothing is started', 'Run `logboard resume`.');
  }
  const kill = (pid: number, signal: NodeJS.Signals | 0) => void process.kill(pid, signal);
  const probe = createProbe({ table: createProcessTable(), bootId: readBootId(), kill });
  for (const run of queries.openRuns()) yield openRun(run, probe);
}

function dispatchers(seen: readonly SeenDispatcher[]): Finding {
  const serving = seen.filter(({ state }) => state === 'serving');
  const alive = serving.filter(({ isSeen }) => isSeen);
  const rest = [
    [seen.filter(({ state }) => state === 'gone').length, 'left without a word'],
    [serving.length - alive.length, 'cannot be seen from here'],
  ] as const;
  const said = rest
    .flatMap(([count, what]) => (count === 0 ? [] : [`; ${count} ${what}`]))
    .join('');
  if (alive.length > 0) {
    const who = alive.map(({ row }) => `${row.dispatcherId} (process ${row.pid})`);
    return ok('dispatcher', `${who.join(', ')}${said}`);
  }
  const goodbye = seen[0]?.state === 'stopped' ? '; the last one said goodbye' : '';
  return warn(
    'dispatcher',
    `none is running here${goodbye}${said}`,
    'Start one: `logboard serve`.',
  );
}

function openRun(run: RunRow, probe: ReturnType<typeof createProbe>): Finding {
  const check = `run ${run.runId}`;
  const { process: worker } = run;
  if (worker === null) return withoutProcess(check, run);
  const { pid, bootId, nonce } = worker;
  const { verdict, because } = probe({ pid, bootId, nonce, startTime: Number(worker.startTime) });
  const seen = `process ${pid} is ${verdict} (${because.replaceAll('_', ' ')})`;
  if (verdict === 'alive') return ok(check, seen);
  return warn(check, seen, 'A dispatcher settles it: `logboard serve` or `logboard dispatch`.');
}

function withoutProcess(check: string, run: RunRow): Finding {
  const { claimedBy } = run.opened;
  if ((leaseUntilMs(run) ?? 0) > Date.now()) return ok(check, `held by ${claimedBy}, lease runs`);
  const hint = `Wait for a dispatcher, or run \`logboard reclaim ${run.taskId}\`.`;
  return warn(check, `held by ${claimedBy}, its lease is over`, hint);
}
