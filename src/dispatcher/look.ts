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
import type { Acts } from './acts.ts';
import { renewalShare } from './judge.ts';
import type { Liveness, Moment } from './liveness.ts';
import { runIdOf } from './nonce.ts';
import type { Host, Report } from './ports.ts';
import { lookAtQueue } from './queue.ts';
import type { OpenRunView, RemainsView, RunAges, View } from './view.ts';
import type { WorkerDefinitions } from './worker-definition.ts';
import type { Worker, Workers } from './workers.ts';

/** What looking takes from the rest of the dispatcher. */
export interface LookDeps {
  readonly board: Pick<Board, 'read' | 'policy' | 'nowMs'>;
  readonly host: Host;
  readonly boardDirectory: string;
  readonly definitions: WorkerDefinitions;
  readonly workers: Workers;
  readonly liveness: Liveness;
  readonly acts: Pick<Acts, 'isBusy'>;
  /** The assignee of each task whose launch is under way. */
  readonly launching: ReadonlyMap<string, string>;
  readonly report: Report;
}

/** The eyes of the dispatcher. */
export interface Look {
  /** `isLate`: this pass came much later than it was due. */
  at(isLate: boolean): Promise<View>;
  /** Tasks were edited: what they say about longest runtimes is read again. */
  forgetLimits(): void;
}

/** Makes the eyes. */
export function createLook(deps: LookDeps): Look {
  const { board, host, definitions, workers, liveness, acts, report } = deps;
  /** What the task of each open run says about its longest runtime; null when nothing. */
  const limits = new Map<string, number | null>();
  let isFirst = true;

  async function at(isLate: boolean): Promise<View> {
    const queries = await board.read();
    const moment = { nowMs: board.nowMs(), monoMs: host.clock.monoMs() };
    const open = queries.openRuns();
    for (const run of open) adoptIfAlone(run);
    if (isFirst) adoptStrays(queries);
    isFirst = false;
    const runs = open.map((run) => viewOf(run, queries, moment));
    const openIds = new Set(open.map(({ runId }) => runId));
    forgetAllBut(openIds);
    const remains = remainsOf(queries, openIds, moment);
    return {
      isPaused: queries.board()?.isPaused ?? false,
      isLate,
      ...lookAtQueue(queries, { ...deps, nowMs: moment.nowMs, open }),
      runs: runs.filter(({ runId }) => !acts.isBusy(runId)),
      remains: remains.filter(({ runId }) => !acts.isBusy(runId)),
    };
  }

  function adoptIfAlone({ runId, taskId, assignee, opened, process }: RunRow): void {
    if (process === null || opened.host !== host.hostId || workers.get(runId)) return;
    const { pid, startTime, bootId, nonce } = process;
    const identity = { pid, startTime: Number(startTime), bootId, nonce };
    const uncap = host.runFiles.cap(runId, board.policy().logBytesMax);
    workers.attend({ runId, taskId, assignee, identity, uncap });
    report('adopted', { runId, taskId, pid });
  }

  /** Runs that ended while nobody was here: their processes still hold slots of this board. */
  function adoptStrays(queries: Queries): void {
    for (const { nonce, boardDirectory, holder } of host.slots.list()) {
      const runId = runIdOf(nonce);
      const isWorker = holder.nonce === nonce && boardDirectory === deps.boardDirectory;
      if (!isWorker || workers.get(runId)) continue;
      const run = queries.run(runId);
      const taskId = run?.taskId ?? '';
      const identity = { ...holder, nonce };
      const uncap = () => Promise.resolve();
      workers.attend({ runId, taskId, assignee: run?.assignee ?? null, identity, uncap });
      report('adopted', { runId, taskId, pid: holder.pid });
    }
  }

  function viewOf(run: RunRow, queries: Queries, moment: Moment): OpenRunView {
    const { runId, taskId, version, opened } = run;
    const worker = workers.get(runId);
    const ages = agesOf(run, worker, moment);
    return {
      runId,
      taskId,
      version,
      place: placeOf(run),
      isMine: worker?.isMine ?? false,
      isSpawned: run.process !== null,
      leaseMs: run.leaseTtlMs,
      launchLeaseMs: opened.launchLeaseMs ?? board.policy().launchLeaseMs,
      maxRuntimeMs: maxRuntimeMs(run, queries, moment),
      ages,
      worker: worker && workers.see(worker, ages.leaseMs >= run.leaseTtlMs * renewalShare),
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
  function maxRuntimeMs(run: RunRow, queries: Queries, { nowMs }: Moment): number {
    let ofTask = limits.get(run.runId);
    if (ofTask === undefined) {
      ofTask = queries.task(run.taskId, nowMs)?.maxRuntimeMs ?? null;
      limits.set(run.runId, ofTask);
    }
    const ofWorker = definitions[run.assignee ?? '']?.maxRuntimeMs || board.policy().maxRuntimeMs;
    return ofTask ?? ofWorker;
  }

  function forgetAllBut(runIds: ReadonlySet<string>): void {
    liveness.keepOnly(runIds);
    for (const runId of limits.keys()) {
      if (!runIds.has(runId)) limits.delete(runId);
    }
  }

  /** Runs that are over, of workers that are still attended to. */
  function remainsOf(
    queries: Queries,
    openIds: ReadonlySet<string>,
    { monoMs }: Moment,
  ): RemainsView[] {
    const remains: RemainsView[] = [];
    for (const worker of workers.all()) {
      if (openIds.has(worker.runId)) continue;
      worker.over ??= endOf(worker, queries, monoMs);
      if (worker.over === undefined) continue;
      const { isLeaving, atMonoMs } = worker.over;
      const hasExited = workers.see(worker, false).is === 'ended';
      const sinceMs = Math.round(monoMs - atMonoMs);
      remains.push({ runId: worker.runId, isLeaving, hasExited, sinceMs });
    }
    return remains;
  }

  function endOf(worker: Worker, queries: Queries, atMonoMs: number): Worker['over'] {
    const run = queries.run(worker.runId);
    // A child may be spawned before the tables know of it; a stray that the board does not know is
    // of a board that was here before.
    const isOver = run === undefined ? !worker.isMine : run.outcome !== null;
    return isOver ? { isLeaving: run?.endedBy?.kind === 'worker', atMonoMs } : undefined;
  }

  return { at, forgetLimits: () => limits.clear() };
}
