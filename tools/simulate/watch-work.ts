/** Watches the work: who begins it, beside whom, and what he is told about it. */
import { isAtWork, type Worker } from './cast.ts';
import type { Word } from './conduct.ts';
import type { KernelProcess } from './kernel.ts';
import type { RunEntry } from './ledger.ts';
import type { WatchDeps } from './violation.ts';
import { troubleMs } from './watch-endings.ts';

/** The part of watching that the log does not tell. */
export interface WorkWatch {
  /** The gate of a worker opens. */
  goes(worker: Worker): void;
  /** A worker was told that its answer is accepted. */
  acknowledged(runId: string, word: Word): void;
  /** Somebody who is not the worker of the run was let in. */
  letIn(runId: string, what: string): void;
  signalled(process: KernelProcess, signal: string): void;
  /** Some time has passed. */
  looksAround(): void;
}

/** The terminal event that an answer becomes. */
const endings: Readonly<Record<Word, string>> = {
  complete: 'RunCompleted',
  review: 'RunCompleted',
  block: 'RunBlocked',
  release: 'RunReleased',
};

/** How late a lease may be renewed, with all it takes to see, to say and to say again, in ms. */
const renewalMs = 3_000;

/** Watches the workers of a stage. */
export function createWorkWatch(deps: WatchDeps): WorkWatch {
  const { ledger, report, workers, policy, traits, time } = deps;

  function goes(worker: Worker): void {
    const { runId, nonce } = worker;
    const run = ledger.runs.get(runId);
    if (run?.nonce !== nonce) {
      report('I16', [runId, run?.taskId ?? ''], `${runId} is let go and not recorded`);
    }
    if (run === undefined) return;
    const others = workers.filter((other) => other !== worker && isAtWork(other));
    goesAlone(worker, run, others);
    goesWithinCaps(worker, run, others);
  }

  /** Nobody else works on the run, and nobody else in the workspace. */
  function goesAlone(worker: Worker, run: RunEntry, others: readonly Worker[]): void {
    const { machine, spec } = worker;
    const twin = others.find(({ runId }) => runId === run.runId);
    if (twin !== undefined) report('I17', [run.runId, run.taskId], `${run.runId} has two workers`);
    const sharer = others.find((other) => other.machine === machine && other.spec.cwd === spec.cwd);
    if (sharer === undefined) return;
    const about = [run.runId, run.taskId, sharer.runId];
    report('I17', about, `${sharer.runId} is still in ${spec.cwd}`);
  }

  function goesWithinCaps({ machine }: Worker, run: RunEntry, others: readonly Worker[]): void {
    const about = [run.runId, run.taskId];
    const here = others.filter((other) => other.machine === machine).length + 1;
    if (here > policy.maxRunning) {
      const found = `${here} workers on ${machine.hostId}, and ${policy.maxRunning} may`;
      report('I22', about, found);
    }
    const max = traits.maxOf[run.assignee ?? ''];
    if (max === undefined || run.ending !== undefined) return;
    const colleagues = others.filter(({ runId }) => {
      const other = ledger.runs.get(runId);
      return other?.ending === undefined && other?.assignee === run.assignee;
    });
    if (colleagues.length < max) return;
    const found = `${colleagues.length + 1} workers of ${run.assignee}, and ${max} may`;
    report('I22', [...about, ...colleagues.map(({ runId }) => runId)], found);
  }

  function acknowledged(runId: string, word: Word): void {
    const run = ledger.runs.get(runId);
    const isSo = run?.ending?.type === endings[word] && run.endedBy === `worker ${runId}`;
    if (isSo) return;
    const truth = `it ended as ${run?.ending?.type} by ${run?.endedBy}`;
    report('I15', [runId, run?.taskId ?? ''], `${word} was accepted, and ${truth}`);
  }

  function signalled({ name }: KernelProcess, signal: string): void {
    if (name.startsWith('stranger')) report('F28', [name], `a stranger gets ${signal}`);
  }

  function looksAround(): void {
    // A clock that is set makes leases longer, by a lease at most: no harm, and no rule to check.
    if (traits.mishaps.wall_step === 0) for (const worker of workers) renewedInTime(worker);
  }

  /** Who can be seen at work keeps his lease: somebody on his host says so in the log. */
  function renewedInTime({ runId, machine, program, stoppedAtMs }: Worker): void {
    // Most of the workers there ever were are gone by now: they are passed over at once.
    const isSeen = program?.isAlive && !program.isHanging && stoppedAtMs === undefined;
    if (!isSeen) return;
    const run = ledger.runs.get(runId);
    if (run === undefined || run.ending !== undefined) return;
    const overMs = time.nowMs() - Math.max(run.movedAtMs, run.renewedAtMs) - run.ttlMs;
    if (overMs < renewalMs || machine.isUnattended(troubleMs)) return;
    const found = `${runId} is at work, and its lease has been over for ${Math.round(overMs)} ms`;
    report('I32', [runId, run.taskId], found);
  }

  return {
    goes,
    looksAround,
    acknowledged,
    letIn: (runId, what) => report('I12', [runId], `${what} without its token`),
    signalled,
  };
}
