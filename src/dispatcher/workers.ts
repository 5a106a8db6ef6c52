/**
 * The workers on this host that may still have processes: the dispatcher's own children, and those
 * that it adopted from a dispatcher before it or beside it.
 *
 * An own child's end is told by the system. An adopted worker's end is looked for: its launcher
 * writes it down, and its process is probed. What an exit or another boot says is final. A missing
 * pid is no more than the last look at it: the next one may find the process after all.
 */
import type { JsonObject } from '../domain/limits.ts';
import type { Clock } from '../log/ports.ts';
import type {
  ExitStatus,
  ProbeResult,
  Processes,
  RecordedExit,
  RunFiles,
  WorkerIdentity,
} from './ports.ts';
import type { Reaper } from './reaper.ts';
import type { EndedWorker, PresentWorker, WorkerEnd, WorkerSight } from './view.ts';
import type { WorkerDefinition } from './worker-definition.ts';

/** A worker to be attended to. */
export interface NewWorker {
  readonly runId: string;
  readonly taskId: string;
  readonly assignee: string | null;
  readonly identity: WorkerIdentity;
  /** What the configuration said about it when it was started, or found: it goes by that. */
  readonly definition: WorkerDefinition | undefined;
  /** Tells its end; left out for an adopted worker. */
  readonly exited?: Promise<ExitStatus | undefined>;
  /** Stops the watch on the size of its output. */
  readonly uncap: () => Promise<void>;
}

/** A worker and what was noticed about it; the moments are monotonic, ms. */
export interface Worker extends NewWorker {
  /** Whether this process is told its end. */
  isMine: boolean;
  /** How it ended, once that is known. */
  end:
    | (Pick<EndedWorker, 'end' | 'knownBy' | 'evidence'> & {
        readonly atMonoMs: number;
        /** When it was last seen to be so. */
        readonly seenAtMonoMs: number;
      })
    | undefined;
  /** Since when its run is over; undefined while the run is open. */
  over: { readonly isLeaving: boolean; readonly atMonoMs: number } | undefined;
  /** When it was last looked at, and what was seen. */
  look:
    | { readonly sight: PresentWorker; readonly isClose: boolean; readonly atMonoMs: number }
    | undefined;
}

/** The workers by run id. */
export interface Workers {
  attend(worker: NewWorker): Worker;
  get(runId: string): Worker | undefined;
  all(): Iterable<Worker>;
  forget(runId: string): void;
  /** What is to be seen of a worker now; `closely` also looks whether it stands still. */
  see(worker: Worker, closely: boolean): WorkerSight;
  /** Whether an earlier run of a task may still have processes. */
  isHaunted(taskId: string): boolean;
  /** Attends to nobody any more; those who work go on. */
  letBe(): Promise<void>;
}

/** How often an adopted worker is looked at, at most, in ms. */
const lookEveryMs = 900;

/** How far apart two looks may be that together say since when a pid is missing, in ms. */
const gapMsMax = 5_000;

/** Nobody yet. `onExit` is called when a child has ended. */
export function createWorkers(deps: {
  clock: Clock;
  processes: Pick<Processes, 'probe' | 'family'>;
  runFiles: Pick<RunFiles, 'readExit'>;
  isAnswer: (worker: Worker, end: WorkerEnd) => boolean;
  reaper: Pick<Reaper, 'note'>;
  onExit: () => void;
}): Workers {
  const { clock, processes, runFiles, isAnswer, reaper, onExit } = deps;
  const workers = new Map<string, Worker>();

  function attend(found: NewWorker): Worker {
    const isMine = found.exited !== undefined;
    const worker: Worker = { ...found, isMine, end: undefined, over: undefined, look: undefined };
    workers.set(worker.runId, worker);
    void found.exited?.then((status) => reap(worker, status));
    return worker;
  }

  /** Independent of the log, the tables and everything else that may be in trouble. */
  function reap(worker: Worker, exit: ExitStatus | undefined): void {
    const { runId, identity } = worker;
    const { pid, startTime } = identity;
    if (exit === undefined) {
      worker.isMine = false;
    } else {
      reaper.note({ runId, pid, startTime, exit });
      note(worker, { end: exit, knownBy: 'exit', evidence: { pid, exit, seen: 'by parent' } });
    }
    onExit();
  }

  /**
   * Its end is dated by the first sight of it, but what a missing pid seemed to say dates no exit,
   * and nothing at all when nobody has looked for a while: the worker may have gone on since, and
   * its last word may just be on its way.
   */
  function note(worker: Worker, end: Pick<EndedWorker, 'end' | 'knownBy' | 'evidence'>): void {
    const nowMs = clock.monoMs();
    const { end: before } = worker;
    const isSame = before?.knownBy === end.knownBy;
    const isDated = isSame && (end.knownBy !== 'pid' || nowMs - before.seenAtMonoMs <= gapMsMax);
    worker.end = { ...end, atMonoMs: isDated ? before.atMonoMs : nowMs, seenAtMonoMs: nowMs };
  }

  function see(worker: Worker, closely: boolean): WorkerSight {
    if (isLookDue(worker, closely)) look(worker, closely);
    if (worker.end !== undefined) return endedSight(worker, worker.end);
    return worker.look?.sight ?? { is: 'alive', evidence: { pid: worker.identity.pid } };
  }

  function isLookDue({ isMine, end, look: last }: Worker, closely: boolean): boolean {
    if (end !== undefined) return end.knownBy === 'pid';
    if (isMine && !closely) return false;
    if (last === undefined || (closely && !last.isClose)) return true;
    return clock.monoMs() - last.atMonoMs >= lookEveryMs;
  }

  function look(worker: Worker, closely: boolean): void {
    const { identity, isMine } = worker;
    const { pid } = identity;
    // In this order: what a launcher has to say it has written down before it is gone.
    const probed = processes.probe(identity);
    const word = isMine ? undefined : lastWordOf(worker);
    if (word === 'not_started' || typeof word === 'object') {
      const evidence = { pid, exit: word, seen: 'by launcher' };
      const end = word === 'not_started' ? 'never_started' : word;
      note(worker, { end, knownBy: 'exit', evidence });
    } else if (probed.verdict !== 'dead') {
      seePresent(worker, probed, closely);
    } else if (isMine || word === 'unreadable') {
      // How it ended is known to somebody, and still to be heard.
      const evidence = evidenceOf(worker, probed);
      seeAs(worker, { is: 'unknown', evidence: { ...evidence, exit: 'not heard' } }, closely);
    } else {
      // Another boot is certain; a missing pid is not.
      const knownBy = probed.because === 'other_boot' ? 'boot' : 'pid';
      note(worker, { end: 'lost', knownBy, evidence: evidenceOf(worker, probed) });
    }
  }

  /** Trouble with the file of one run is not to keep anybody from looking at the others. */
  function lastWordOf({ runId }: Worker): RecordedExit | 'unreadable' {
    try {
      return runFiles.readExit(runId);
    } catch {
      return 'unreadable';
    }
  }

  function seePresent(worker: Worker, probed: ProbeResult, closely: boolean): void {
    const states = closely ? statesOf(worker.identity) : undefined;
    const isStopped = probed.verdict === 'alive' && states !== undefined && isStill(states);
    const is = isStopped ? 'stopped' : (probed.verdict as 'alive' | 'unknown');
    const evidence = evidenceOf(worker, probed);
    const seen = states === undefined ? evidence : { ...evidence, states };
    seeAs(worker, { is, evidence: seen }, closely);
  }

  function seeAs(worker: Worker, sight: PresentWorker, isClose: boolean): void {
    worker.end = undefined;
    worker.look = { sight, isClose, atMonoMs: clock.monoMs() };
  }

  function evidenceOf({ identity }: Worker, probed: ProbeResult): JsonObject {
    return { pid: identity.pid, ...probed };
  }

  /**
   * State letters; the launcher only waits, so whether anybody works is to be seen by the others.
   */
  function statesOf(leader: WorkerIdentity): string | undefined {
    const family = processes.family(leader);
    const others = family?.filter(({ pid }) => pid !== leader.pid);
    const seen = others?.length ? others : family;
    return seen?.map(({ state }) => state).join('');
  }

  function endedSight(worker: Worker, ended: NonNullable<Worker['end']>): EndedWorker {
    const { atMonoMs, seenAtMonoMs: _, ...facts } = ended;
    const sinceMs = Math.round(clock.monoMs() - atMonoMs);
    return { is: 'ended', ...facts, sinceMs, isAnswer: isAnswer(worker, facts.end) };
  }

  function isHaunted(taskId: string): boolean {
    for (const worker of workers.values()) {
      if (worker.taskId === taskId) return true;
    }
    return false;
  }

  async function letBe(): Promise<void> {
    const left = [...workers.values()];
    workers.clear();
    await Promise.all(left.map((worker) => worker.uncap()));
  }

  return {
    attend,
    get: (runId) => workers.get(runId),
    all: () => workers.values(),
    forget: (runId) => void workers.delete(runId),
    see,
    isHaunted,
    letBe,
  };
}

/** T is stopped by a signal, t by a debugger. */
function isStill(states: string): boolean {
  return /^[Tt]+$/.test(states);
}
