/**
 * Looks at the board, the processes and the slots, and puts what it sees into a view.
 *
 * The tables are caught up first; all that follows is synchronous, so that no fact in a view is
 * older than another. Workers of this host that nobody here attends to are adopted on the way.
 */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { Board } from '../app/board.ts';
import { lastSignAtMs } from '../domain/run/state.ts';
import type { Breathe } from '../log/breathe.ts';
import { type AdoptDeps, adoptIfAlone, adoptStrays } from './adopt.ts';
import { renewalShare } from './judge.ts';
import type { Liveness, Moment } from './liveness.ts';
import { lookAtQueue, type QueueDeps } from './queue.ts';
import { remainsOf } from './remains.ts';
import type { OpenRunView, RunAges, View } from './view.ts';
import type { Worker } from './workers.ts';

/** What looking takes from the rest of the dispatcher. */
export interface LookDeps extends AdoptDeps, Pick<QueueDeps, 'definitions' | 'acts' | 'launching'> {
  readonly board: Pick<Board, 'read' | 'policy' | 'nowMs'>;
  readonly liveness: Liveness;
  readonly breathe: Breathe;
}

/** The longest a run may take, and who says so. */
type Longest = Pick<OpenRunView, 'maxRuntimeMs' | 'maxRuntimeFrom'>;

/** The eyes of the dispatcher. */
export interface Look {
  /** `isLate`: the dispatcher stood still until a moment ago. */
  at(isLate: boolean): Promise<View>;
  /** Tasks were edited: what they say about longest runtimes is read again. */
  forgetLimits(): void;
}

/** Makes the eyes. */
export function createLook(deps: LookDeps): Look {
  const { board, host, definitions, workers, liveness, breathe, acts, launching } = deps;
  /** What the task of each open run says about its longest runtime; null when nothing. */
  const limits = new Map<string, number | null>();
  let isFirst = true;

  async function at(isLate: boolean): Promise<View> {
    const before = new Set(isFirst ? host.slots.list().map(({ nonce }) => nonce) : []);
    await breathe();
    const queries = await board.read();
    const slots = host.slots.list();
    const moment = { nowMs: board.nowMs(), monoMs: host.clock.monoMs() };
    const open = queries.openRuns();
    for (const run of open) {
      // Its own worker is attended to as soon as it is let go, and by one watch only.
      if (!launching.has(run.taskId)) adoptIfAlone(run, deps);
    }
    adoptStrays({ now: slots, before }, queries, deps);
    isFirst = false;
    const runs = open.map((run) => viewOf(run, queries, moment));
    const openIds = new Set(open.map(({ runId }) => runId));
    forgetAllBut(openIds);
    const remains = remainsOf(workers, queries, { openIds, monoMs: moment.monoMs });
    return {
      isPaused: queries.board()?.isPaused ?? false,
      isLate,
      ...lookAtQueue(queries, { ...deps, slots, nowMs: moment.nowMs, open }),
      runs: runs.filter(({ runId }) => !acts.isBusy(runId)),
      remains: remains.filter(({ runId }) => !acts.isBusy(runId)),
    };
  }

  function viewOf(run: RunRow, queries: Queries, moment: Moment): OpenRunView {
    const { runId, taskId, version, opened } = run;
    const worker = workers.get(runId);
    const ages = agesOf(run, worker, moment);
    const isAgeKnown = liveness.isAgeKnown(runId);
    const isRenewalNear = !isAgeKnown || ages.leaseMs >= run.leaseTtlMs * renewalShare;
    return {
      runId,
      taskId,
      version,
      place: placeOf(run),
      isMine: worker?.isMine ?? false,
      isAgeKnown,
      isSpawned: run.process !== null,
      leaseMs: run.leaseTtlMs,
      launchLeaseMs: opened.launchLeaseMs ?? board.policy().launchLeaseMs,
      ...maxRuntime(run, queries, moment),
      ages,
      worker: worker && workers.see(worker, isRenewalNear),
      claimedBy: opened.claimedBy,
      lastSignAtMs: lastSignAtMs(run),
    };
  }

  function placeOf({ opened }: RunRow): OpenRunView['place'] {
    if (opened.kind !== 'worker') return 'outside';
    return opened.host === host.hostId ? 'here' : 'other_host';
  }

  /** Output counts as progress; it is asked for only when nothing else has been heard for long. */
  function agesOf(run: RunRow, worker: Worker | undefined, moment: Moment): RunAges {
    const ages = liveness.observe(run, moment, () => processAgeMs(worker));
    const { maxSilentMs, staleAfterMs } = board.policy();
    const isQuiet = ages.runMs >= maxSilentMs && ages.quietMs >= staleAfterMs;
    if (!isQuiet || worker === undefined) return ages;
    liveness.noteOutput(run.runId, host.runFiles.outputBytes(run.runId), moment);
    return liveness.observe(run, moment);
  }

  function processAgeMs(worker: Worker | undefined): number | undefined {
    const isOfThisBoot = worker?.identity.bootId === host.bootId;
    return isOfThisBoot ? host.processes.ageMs(worker.identity) : undefined;
  }

  /** The task's own limit, else its worker definition's, else the policy's; 0 = none. */
  function maxRuntime(run: RunRow, queries: Queries, { nowMs }: Moment): Longest {
    let ofTask = limits.get(run.runId);
    if (ofTask === undefined) {
      ofTask = queries.task(run.taskId, nowMs)?.maxRuntimeMs ?? null;
      limits.set(run.runId, ofTask);
    }
    if (ofTask !== null) return { maxRuntimeMs: ofTask, maxRuntimeFrom: 'task' };
    const ofWorker = definitions[run.assignee ?? '']?.maxRuntimeMs ?? 0;
    if (ofWorker > 0) return { maxRuntimeMs: ofWorker, maxRuntimeFrom: 'worker' };
    return { maxRuntimeMs: board.policy().maxRuntimeMs, maxRuntimeFrom: 'policy' };
  }

  function forgetAllBut(runIds: ReadonlySet<string>): void {
    liveness.keepOnly(runIds);
    for (const runId of limits.keys()) {
      if (!runIds.has(runId)) limits.delete(runId);
    }
  }

  return { at, forgetLimits: () => limits.clear() };
}
