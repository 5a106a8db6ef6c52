/** The open runs as the plan sees them: where each worker is, what was seen of it, and how long. */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { Board } from '../app/board.ts';
import type { RunPolicy } from '../domain/policy.ts';
import { lastSignAtMs } from '../domain/run/state.ts';
import { renewalShare } from './judge.ts';
import type { Liveness, Moment } from './liveness.ts';
import type { Host } from './ports.ts';
import type { ClaimTerms, OpenRunView, RunAges } from './view.ts';
import type { WorkerDefinitions } from './worker-definition.ts';
import type { Worker, Workers } from './workers.ts';

/** What looking at open runs takes from the rest of the dispatcher. */
export interface OpenRunsDeps {
  readonly board: Pick<Board, 'log' | 'policy'>;
  readonly host: Pick<Host, 'hostId' | 'bootId' | 'processes' | 'runFiles'>;
  readonly definitions: () => WorkerDefinitions;
  readonly workers: Pick<Workers, 'get' | 'see'>;
  readonly liveness: Liveness;
  /** The tasks whose launch is under way. */
  readonly launching: ReadonlyMap<string, string>;
}

/** The longest a run may take, and who says so. */
type Longest = Pick<OpenRunView, 'maxRuntimeMs' | 'maxRuntimeFrom'>;

/** What limits a run besides its worker's definition. */
interface Limits {
  /** The longest its task may take, ms; null when the task says nothing. */
  readonly ofTask: number | null;
  /** The policy in its claim; undefined where its task is not held by it, or not any more. */
  readonly claimed: RunPolicy | undefined;
}

function termsOf({ crashGraceMs, maxSilentMs, staleAfterMs }: RunPolicy): ClaimTerms {
  return { crashGraceMs, maxSilentMs, staleAfterMs };
}

/** Makes the eye for open runs. */
export function createOpenRuns(deps: OpenRunsDeps) {
  const { board, host, definitions, workers, liveness, launching } = deps;
  /** What the task of each open run says about it. */
  const limits = new Map<string, Limits>();

  function viewOf(run: RunRow, queries: Queries, moment: Moment): OpenRunView {
    const { runId, taskId, version, opened } = run;
    const worker = workers.get(runId);
    const { ofTask, claimed } = limitsOf(run, queries, moment);
    const ages = agesOf(run, worker, { moment, claimed });
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
      isBeingLaunched: launching.has(taskId),
      leaseMs: run.leaseTtlMs,
      launchLeaseMs: opened.launchLeaseMs ?? board.policy().launchLeaseMs,
      terms: claimed && termsOf(claimed),
      ...maxRuntime(run, worker, { ofTask, claimed }),
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
  function agesOf(
    run: RunRow,
    worker: Worker | undefined,
    { moment, claimed }: Pick<Limits, 'claimed'> & { moment: Moment },
  ): RunAges {
    const isOurClock = isOfOurClock(run);
    const startedMsAgo = () => processAgeMs(worker);
    const ages = liveness.observe(run, moment, { isOurClock, startedMsAgo });
    const { maxSilentMs, staleAfterMs } = claimed ?? board.policy();
    const isQuiet = ages.runMs >= maxSilentMs && ages.quietMs >= staleAfterMs;
    if (!isQuiet || worker === undefined) return ages;
    liveness.noteOutput(run.runId, host.runFiles.outputBytes(run.runId), moment);
    return liveness.observe(run, moment, { isOurClock });
  }

  /** Programs outside may be anywhere, unless the log itself is only here. */
  function isOfOurClock(run: RunRow): boolean {
    const place = placeOf(run);
    return place === 'here' || (place === 'outside' && board.log.atomic);
  }

  function processAgeMs(worker: Worker | undefined): number | undefined {
    const isOfThisBoot = worker?.identity.bootId === host.bootId;
    return isOfThisBoot ? host.processes.ageMs(worker.identity) : undefined;
  }

  function limitsOf({ runId, taskId }: RunRow, queries: Queries, { nowMs }: Moment): Limits {
    const known = limits.get(runId);
    if (known !== undefined) return known;
    const task = queries.task(taskId, nowMs);
    const claim = task?.standing.status === 'running' ? task.standing.claim : undefined;
    const claimed = claim?.runId === runId ? claim.policy : undefined;
    const read = { ofTask: task?.maxRuntimeMs ?? null, claimed };
    limits.set(runId, read);
    return read;
  }

  /** The task's own limit, else its worker definition's, else the claim's; 0 = none. */
  function maxRuntime(
    run: RunRow,
    worker: Worker | undefined,
    { ofTask, claimed }: Limits,
  ): Longest {
    if (ofTask !== null) return { maxRuntimeMs: ofTask, maxRuntimeFrom: 'task' };
    const definition = worker === undefined ? definitions()[run.assignee ?? ''] : worker.definition;
    const ofWorker = definition?.maxRuntimeMs ?? 0;
    if (ofWorker > 0) return { maxRuntimeMs: ofWorker, maxRuntimeFrom: 'worker' };
    const { maxRuntimeMs } = claimed ?? board.policy();
    return { maxRuntimeMs, maxRuntimeFrom: 'policy' };
  }

  /** Ends a look: the others are over. */
  function forgetAllBut(runIds: ReadonlySet<string>): void {
    liveness.keepOnly(runIds);
    for (const runId of limits.keys()) {
      if (!runIds.has(runId)) limits.delete(runId);
    }
  }

  return {
    viewOf,
    forgetAllBut,
    /** Tasks were edited: what they say about longest runtimes is read again. */
    forgetLimits: () => limits.clear(),
  };
}
