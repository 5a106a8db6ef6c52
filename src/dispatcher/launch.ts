/**
 * The launch protocol: a worker is never started twice, never unknown, never lost.
 *
 * 1. A slot of the host is taken, then the task is claimed, with a short launch lease.
 * 2. Workspace, token and context are prepared, and the launcher is spawned behind its gate.
 * 3. `WorkerSpawned` and `WorkerStarted` are appended, both at once. Only then does the gate open.
 *
 * Dying anywhere before the gate opens leaves nothing that works: the gate closes with this
 * process. Failing before it ends the run with the reason. What cannot even be recorded, because
 * the log is out of reach, is left to the rules: the launch lease runs out, or the launcher's own
 * record says that it never started.
 */
import type { Board } from '../app/board.ts';
import type { Commands } from '../app/commands.ts';
import type { Refusal } from '../domain/refusal.ts';
import { describeFault } from './acts.ts';
import { errorText } from './answer.ts';
import { nonceFor } from './nonce.ts';
import { type CapReached, capReached, excuseOf } from './outages.ts';
import type { ClaimTask } from './plan.ts';
import type { Host, Report, SpawnedWorker, SpawnFailure, WorkerSpec } from './ports.ts';
import { type Attempt, type PrepareDeps, prepareWorker } from './prepare.ts';
import type { WorkerDefinition, WorkerDefinitions } from './worker-definition.ts';
import type { Workers } from './workers.ts';

/** What launching takes from the rest of the dispatcher. */
export interface LaunchDeps extends PrepareDeps {
  readonly board: PrepareDeps['board'] & Pick<Board, 'read' | 'policy'>;
  readonly commands: Commands;
  readonly host: Host;
  readonly definitions: () => WorkerDefinitions;
  readonly workers: Pick<Workers, 'attend'>;
  readonly report: Report;
}

/** Launching. Both throw when the log, the slots or the host are in trouble. */
export interface Launch {
  /** Claims a task and starts its worker. */
  launch(claim: ClaimTask): Promise<void>;
  /** Gives a slot back; until that has worked, it is among those that are owed. */
  releaseSlot(nonce: string): Promise<void>;
  /** The nonces of slots that no worker got and that could not be given back yet. */
  owedSlots(): Iterable<string>;
}

/** An attempt on its way from the claim to the open gate. */
interface Launching extends Omit<Attempt, 'attempt'> {
  readonly assignee: string;
  readonly tokenHash: string;
}

/** How long an abandoned launcher may take to leave by itself, in ms. */
const leaveMs = 1_000;

/** How much of what a failed launch has to say is told in a line, in characters. */
const problemCharsMax = 500;

/** Makes the three; no slot is owed yet. */
export function createLaunch(deps: LaunchDeps): Launch {
  const { board, commands, host, definitions, workers, breathe, boardDirectory, report } = deps;
  const owed = new Set<string>();

  async function launch(claim: ClaimTask): Promise<void> {
    const definition = definitions()[claim.assignee];
    // Taken out of the configuration since this was planned.
    if (definition === undefined) return;
    const launching = begin(claim, definition);
    const slot = { nonce: launching.nonce, boardDirectory, holder: host.self };
    if (!(await host.slots.acquire(slot, board.policy().maxRunning))) return;
    let isAtWork = false;
    try {
      isAtWork = await claimAndStart(launching, claim.isUnassigned);
    } finally {
      if (!isAtWork) await releaseSlot(launching.nonce);
    }
  }

  /** As long as this process lives, nobody else would take the slot for abandoned. */
  async function releaseSlot(nonce: string): Promise<void> {
    owed.add(nonce);
    await host.slots.release(nonce);
    owed.delete(nonce);
  }

  function begin({ taskId, assignee }: ClaimTask, definition: WorkerDefinition): Launching {
    const runId = host.ids.runId();
    const nonce = nonceFor(runId, host.ids.nonce());
    const { token, hash: tokenHash } = host.ids.runToken();
    return { taskId, assignee, runId, definition, nonce, token, tokenHash };
  }

  /** Answers whether a worker is at work, and so keeps the slot. */
  async function claimAndStart(launching: Launching, isUnassigned: boolean): Promise<boolean> {
    const claim = await claimTask(launching, isUnassigned);
    if (claim.refused) return refused(launching, claim);
    const { taskId, runId } = launching;
    report('claimed', { taskId, runId, attempt: claim.attempt });
    const evidence = await capReached(board, launching);
    if (evidence !== undefined) return giveBack(launching, evidence);
    const spawned = await spawn({ ...launching, attempt: claim.attempt });
    return 'spec' in spawned ? recordAndLetGo(launching, spawned) : fail(launching, spawned);
  }

  async function claimTask(
    { taskId, assignee, runId, tokenHash }: Launching,
    isUnassigned: boolean,
  ): ReturnType<Commands['claim']> {
    if (isUnassigned) {
      const assigned = await commands.assign(taskId, assignee, 'the default assignee', null);
      if (assigned.refused) return assigned;
    }
    const terms = { kind: 'worker', host: host.hostId, tokenHash, runId, assignee } as const;
    return commands.claim(taskId, terms);
  }

  function refused({ taskId, runId }: Launching, { code, message }: Refusal): false {
    report('refused', { taskId, runId, code, message });
    return false;
  }

  /** Canceled, not reclaimed: that somebody else was faster does not count against the task. */
  async function giveBack(launching: Launching, evidence: CapReached): Promise<false> {
    const { assignee, runId } = launching;
    const reason = `${assignee} has as many workers as it may have`;
    const answer = await commands.endRun(runId, { type: 'CancelRun', reason, evidence });
    return answer.refused && refused(launching, answer);
  }

  async function spawn(attempt: Attempt): Promise<Gated | SpawnFailure> {
    try {
      const spec = await prepareWorker(attempt, deps);
      const worker = await host.processes.spawn(spec);
      return worker.spawned ? { spec, worker } : worker;
    } catch (fault) {
      const errno = String((fault as { code?: unknown }).code ?? 'unknown');
      return { spawned: false, errno, detail: describeFault(fault) };
    }
  }

  async function fail(launching: Launching, failure: SpawnFailure): Promise<false> {
    const { taskId, runId, assignee } = launching;
    const { errno } = failure;
    const problem = errorText(failure.detail, problemCharsMax);
    report('failed', { taskId, runId, errno, problem });
    const end = { type: 'FailSpawn', error: errorText(failure.detail), errno } as const;
    const excuse = excuseOf(board, assignee);
    const answer = await commands.endRun(runId, end, undefined, { excuse });
    return answer.refused && refused(launching, answer);
  }

  async function recordAndLetGo(launching: Launching, gated: Gated): Promise<boolean> {
    const { worker } = gated;
    let isRecorded = false;
    try {
      await breathe();
      isRecorded = await record(launching, gated);
    } finally {
      if (!isRecorded) await withdraw(worker);
    }
    if (isRecorded) letGo(launching, worker);
    return isRecorded;
  }

  /** Answers whether the log knows the worker and lets it start. */
  async function record(launching: Launching, { spec, worker }: Gated): Promise<boolean> {
    const { runId, taskId, nonce, tokenHash } = launching;
    const { pid, startTime, bootId } = worker.identity;
    await host.slots.rebind(nonce, worker.identity);
    const process = {
      pid,
      startTime: String(startTime),
      bootId,
      host: host.hostId,
      nonce,
      workspace: spec.cwd,
      logPath: spec.logPath,
      argv: [...spec.argv],
    };
    const answer = await commands.recordSpawn(runId, process, { taskId, tokenHash });
    return answer.refused ? refused(launching, answer) : true;
  }

  /** The launcher leaves at the closed gate and says so; what does not leave is ended. */
  async function withdraw(worker: SpawnedWorker): Promise<void> {
    worker.abandon();
    const patience = new Promise<void>((resolve) => host.timers.after(leaveMs, resolve));
    await Promise.race([worker.exited, patience]);
    await host.processes.end(worker.identity, board.policy().killGraceMs);
  }

  function letGo(launching: Launching, worker: SpawnedWorker): void {
    const { taskId, assignee, runId, definition } = launching;
    const { identity, exited } = worker;
    const uncap = host.runFiles.cap(runId, board.policy().logBytesMax);
    workers.attend({ runId, taskId, assignee, definition, identity, exited, uncap });
    worker.go();
    report('spawned', { taskId, runId, pid: identity.pid });
  }

  return { launch, releaseSlot, owedSlots: () => owed };
}

/** A worker at its gate, and what it was started with. */
interface Gated {
  readonly spec: WorkerSpec;
  readonly worker: SpawnedWorker;
}
