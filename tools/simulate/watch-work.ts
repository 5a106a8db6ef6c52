/** Watches the work: who begins it, beside whom, and what he is told about it. */
import { isAtWork, type Worker } from './cast.ts';
import type { Word } from './conduct.ts';
import type { KernelProcess } from './kernel.ts';
import type { RunEntry } from './ledger.ts';
import type { WatchDeps } from './violation.ts';

/** The part of watching that the log does not tell. */
export interface WorkWatch {
  /** The gate of a worker opens. */
  goes(worker: Worker): void;
  /** A worker was told that its answer is accepted. */
  acknowledged(runId: string, word: Word): void;
  /** Somebody who is not the worker of the run was let in. */
  letIn(runId: string, what: string): void;
  signalled(process: KernelProcess, signal: string): void;
}

/** The terminal event that an answer becomes. */
const endings: Readonly<Record<Word, string>> = {
  complete: 'RunCompleted',
  review: 'RunCompleted',
  block: 'RunBlocked',
  release: 'RunReleased',
};

/** Watches the workers of a stage. */
export function createWorkWatch({ ledger, report, workers, policy, traits }: WatchDeps): WorkWatch {
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

  return {
    goes,
    acknowledged,
    letIn: (runId, what) => report('I12', [runId], `${what} without its token`),
    signalled,
  };
}
