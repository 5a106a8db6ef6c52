/** The doctor's look at who works on a board: dispatchers, and the processes of open runs. */
import type { DispatcherRow } from '../../projections/dispatchers/row.ts';
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { Finding } from '../cli/upkeep.ts';
import { errnoOf } from '../host/host-error.ts';
import { isOtherBoot, readBootId } from '../host/host-identity.ts';
import { createProbe, type Kill } from '../host/probe.ts';
import { createProcessTable } from '../host/process-table.ts';
import { leaseUntilMs } from '../wire/run-json.ts';
import { ok, warn } from './finding.ts';

const kill: Kill = (pid, signal) => void process.kill(pid, signal);

/** Looks at dispatchers and runs, as the tables know them. */
export function* diagnoseWork(queries: Queries): Generator<Finding> {
  const bootId = readBootId();
  const serving = queries.dispatchers().filter((each) => each.stoppedAtMs === null);
  const alive = serving.filter((each) => isAlive(each, bootId));
  yield dispatchers(alive, serving.length - alive.length);
  if (queries.board()?.isPaused) {
    yield warn('board', 'it is paused: nothing is started', 'Run `logboard resume`.');
  }
  const probe = createProbe({ table: createProcessTable(), bootId, kill });
  for (const run of queries.openRuns()) yield openRun(run, probe);
}

/** By pid alone: good enough to tell people, never to end anything. */
function isAlive({ bootId, pid }: DispatcherRow, currentBoot: string): boolean {
  if (isOtherBoot(bootId, currentBoot)) return false;
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

function dispatchers(alive: readonly DispatcherRow[], lost: number): Finding {
  const left = lost === 0 ? '' : `; ${lost} left without a word`;
  if (alive.length > 0) {
    const who = alive.map(({ dispatcherId, pid }) => `${dispatcherId} (process ${pid})`);
    return ok('dispatcher', `${who.join(', ')}${left}`);
  }
  return warn('dispatcher', `none is running here${left}`, 'Start one: `logboard serve`.');
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
