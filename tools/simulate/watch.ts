/**
 * Watches a simulation: every event as it is stored, every worker as it starts, every answer as it
 * is given. The first thing that must not be ends the simulation. The numbers in brackets are those
 * of the invariants in `docs/guarantees.md`.
 */
import type { Recorded } from '../../src/domain/catalogue.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from '../../src/domain/run/events.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog, StoredEvent } from '../../src/log/event-log.ts';
import type { Word } from './conduct.ts';
import type { KernelProcess } from './kernel.ts';
import { createLedger, type Ledger, type RunEntry } from './ledger.ts';
import type { Worker } from './machine.ts';
import type { Stage } from './stage.ts';
import { judgeEnding } from './watch-endings.ts';

/** Something that must not be. */
export interface Violation {
  /** Short name of the invariant. */
  readonly invariant: string;
  readonly found: string;
  /** Tasks, runs and processes it is about. */
  readonly about: readonly string[];
  readonly atMs: number;
}

/** Says that something must not be. */
export type Report = (invariant: string, about: readonly string[], found: string) => void;

/** Somebody who watches. */
export interface Watch {
  readonly ledger: Ledger;
  /** The first violation; undefined while all is well. */
  violation(): Violation | undefined;
  report: Report;
  /** The position of the last event that was looked at. */
  position(): number;
  /** Looks at what was appended since the last look. */
  look(): Promise<void>;
  /** The gate of a worker opens. */
  goes(worker: Worker): void;
  /** A worker's program begins. */
  works(worker: Worker, program: KernelProcess): void;
  /** A worker was told that its answer is accepted. */
  acknowledged(runId: string, word: Word): void;
  /** Somebody who is not the worker of the run was let in. */
  letIn(runId: string, what: string): void;
  signalled(process: KernelProcess, signal: string): void;
}

/** Watches a stage from its first event on. */
export function createWatch(
  stage: Pick<Stage, 'time' | 'journal' | 'policy' | 'workers' | 'traits'> & { log: EventLog },
): Watch {
  const { time, journal, log, policy, workers, traits } = stage;
  const ledger = createLedger();
  const versions = new Map<string, number>();
  const ids = new Set<string>();
  const titles = new Set<string>();
  let position = 0;
  let violation: Violation | undefined;

  function report(invariant: string, about: readonly string[], found: string): void {
    violation ??= { invariant, about, found, atMs: time.nowMs() };
  }

  async function look(): Promise<void> {
    const page = await log.readAll({ after: position });
    for (const stored of page) lookAt(stored);
    if (page.length > 0) lookAtHolders(page);
  }

  function lookAt(stored: StoredEvent): void {
    const { stream, version, id } = stored;
    const event = codec.decodeUnchecked(stored);
    journal.note([stream.slice(stream.indexOf('-') + 1), ...taskOf(event)], () => told(stored));
    if (stored.position !== position + 1)
      report('I2', [stream], `position ${stored.position} after ${position}`);
    if (version !== (versions.get(stream) ?? -1) + 1)
      report('I1', [stream], `${stream}@${version} after a gap`);
    if (ids.has(id)) report('I7', [stream], `event ${id} is stored twice`);
    position = stored.position;
    versions.set(stream, version);
    ids.add(id);
    if (event.type === 'TaskClaimed') lookAtClaim(event);
    if (event.stream.startsWith('run-')) lookAtRun(event as Recorded<RunEvent>);
    if (event.stream.startsWith('task-')) lookAtTask(event);
    if (event.type === 'TaskCreated') lookAtTitle(event.data.title);
    ledger.enter(event, time.nowMs());
  }

  function lookAtTitle(title: string): void {
    if (titles.has(title)) report('I7', [], `${title} is made twice`);
    titles.add(title);
  }

  function taskOf(event: Recorded): string[] {
    if (event.type === 'RunOpened') return [event.data.taskId];
    const run = ledger.runs.get(event.stream.slice(4));
    return run === undefined ? [] : [run.taskId];
  }

  function lookAtClaim(event: Recorded & { type: 'TaskClaimed' }): void {
    const taskId = event.stream.slice(5);
    const { runId, attempt } = event.data;
    const task = ledger.tasks.get(taskId);
    const about = [taskId, runId];
    if (task === undefined) return report('I10', about, `${taskId} is claimed and does not exist`);
    if (task.standing !== 'queued') report('I10', about, `claimed while ${task.standing}`);
    if (attempt !== task.attempts + 1)
      report('I11', about, `attempt ${attempt} after ${task.attempts}`);
    const limit = task.maxRetries ?? policy.failureLimit;
    if (task.failures >= limit)
      report('I20', about, `claimed after ${task.failures} failures of ${limit}`);
    for (const parent of task.parents) {
      const isDone = task.waived.includes(parent) || ledger.tasks.get(parent)?.wasDone === true;
      if (!isDone) report('I21', [...about, parent], `claimed while ${parent} is open`);
    }
  }

  function lookAtRun(event: Recorded<RunEvent>): void {
    const runId = event.stream.slice(4);
    const run = ledger.runs.get(runId);
    if (event.type === 'RunOpened') {
      const holder = ledger.tasks.get(event.data.taskId)?.holder;
      if (event.data.kind !== 'record' && holder !== runId) {
        report('I9', [runId, event.data.taskId], `${runId} is opened without a claim`);
      }
      return;
    }
    if (run === undefined) return report('I13', [runId], `${event.type} before RunOpened`);
    const about = [runId, run.taskId];
    if (run.ending !== undefined)
      return report('I13', about, `${event.type} after ${run.ending.type}`);
    const isByStranger = event.meta.actor.kind === 'worker' && event.meta.actor.id !== runId;
    if (isByStranger) report('I12', about, `${event.meta.actor.id} writes to ${runId}`);
    if (isTerminal(event)) lookAtEnding(run, event);
  }

  function lookAtEnding(run: RunEntry, event: Recorded<TerminalEvent>): void {
    const worker = workers.find(({ nonce }) => nonce === run.nonce);
    const found = judgeEnding({ run, event, worker, nowMs: time.nowMs(), policy, traits });
    if (found !== undefined) report(found.invariant, [run.runId, run.taskId], found.found);
  }

  function lookAtTask(event: Recorded): void {
    const taskId = event.stream.slice(5);
    const task = ledger.tasks.get(taskId);
    if (
      task?.standing === 'done' &&
      ['TaskClaimed', 'TaskRequeued', 'TaskBlocked', 'TaskHalted', 'TaskCompleted'].includes(
        event.type,
      )
    ) {
      report('I15', [taskId], `${event.type} after it was done`);
    }
    const runId = 'runId' in event.data ? event.data.runId : undefined;
    const isByRun = event.type === 'TaskCompleted' && event.meta.actor.kind !== 'human';
    if (isByRun && task?.holder !== runId) {
      report('I15', [taskId, String(runId)], `completed by ${runId}, which does not hold it`);
    }
  }

  /** Where a task says it is held, its run is open, and the other way round. [I9, I14] */
  function lookAtHolders(page: readonly StoredEvent[]): void {
    for (const stream of new Set(page.map((stored) => stored.stream))) {
      const id = stream.slice(stream.indexOf('-') + 1);
      const run = ledger.runs.get(id);
      const task = ledger.tasks.get(run?.taskId ?? id);
      if (task === undefined) continue;
      const { holder, taskId } = task;
      if (holder !== undefined && ledger.runs.get(holder)?.ending !== undefined) {
        report('I14', [taskId, holder], `${taskId} is held by ${holder}, which is over`);
      }
      if (
        run !== undefined &&
        run.kind !== 'record' &&
        run.ending === undefined &&
        holder !== run.runId
      ) {
        report('I9', [taskId, run.runId], `${run.runId} is open and does not hold ${taskId}`);
      }
    }
  }

  function goes(worker: Worker): void {
    const { runId, nonce, machine } = worker;
    const run = ledger.runs.get(runId);
    if (run?.nonce !== nonce)
      report('I16', [runId, run?.taskId ?? ''], `${runId} is let go and not recorded`);
    if (run === undefined) return;
    const about = [runId, run.taskId];
    const living = workers.filter((other) => other !== worker && isAtWork(other));
    for (const other of living) {
      if (other.runId === runId) report('I17', about, `${runId} has two workers`);
      const isShared = other.machine === machine && other.spec.cwd === worker.spec.cwd;
      if (isShared)
        report('I17', [...about, other.runId], `${other.runId} is still in ${worker.spec.cwd}`);
    }
    const here = living.filter((other) => other.machine === machine).length + 1;
    if (here > policy.maxRunning)
      report('I22', about, `${here} workers on ${machine.hostId}, and ${policy.maxRunning} may`);
    const isOpen = (id: string) => ledger.runs.get(id)?.ending === undefined;
    const max = traits.maxOf[run.assignee ?? ''] ?? Number.POSITIVE_INFINITY;
    const same = living.filter(
      (other) => isOpen(other.runId) && ledger.runs.get(other.runId)?.assignee === run.assignee,
    );
    if (isOpen(runId) && same.length + 1 > max) {
      report(
        'I22',
        [...about, ...same.map((other) => other.runId)],
        `${same.length + 1} workers of ${run.assignee}, and ${max} may`,
      );
    }
  }

  function works(worker: Worker, program: KernelProcess): void {
    if (worker.wentAtMs === undefined)
      report('I16', [worker.runId], `${program.name} works behind a closed gate`);
  }

  function acknowledged(runId: string, word: Word): void {
    const run = ledger.runs.get(runId);
    const type = endings[word];
    const isSo = run?.ending?.type === type && run.endedBy === `worker ${runId}`;
    if (!isSo)
      report(
        'I15',
        [runId, run?.taskId ?? ''],
        `${word} was accepted, and the run ended as ${run?.ending?.type} by ${run?.endedBy}`,
      );
  }

  return {
    ledger,
    violation: () => violation,
    position: () => position,
    report,
    look,
    goes,
    works,
    acknowledged,
    letIn: (runId, what) => report('I12', [runId], `${what} without its token`),
    signalled(process, signal) {
      if (process.name.startsWith('stranger'))
        report('F28', [process.name], `a stranger gets ${signal}`);
    },
  };
}

const endings: Readonly<Record<Word, TerminalEvent['type']>> = {
  complete: 'RunCompleted',
  review: 'RunCompleted',
  block: 'RunBlocked',
  release: 'RunReleased',
};

/** Let go, and not all of it gone. */
export function isAtWork({ wentAtMs, launcher, program }: Worker): boolean {
  return wentAtMs !== undefined && (launcher.isAlive || program?.isAlive === true);
}

function told({ stream, version, type, data, meta }: StoredEvent): string {
  const { actor } = JSON.parse(meta) as { actor: { kind: string; id: string } };
  return `${stream}@${version} ${type} by ${actor.kind} ${actor.id} ${data}`;
}
