/** Launchers of a simulated host: they wait at their gate, start a program, and tell its end. */
import { runIdOf } from '../../src/dispatcher/nonce.ts';
import type {
  ExitStatus,
  SpawnedWorker,
  SpawnFailure,
  WorkerSpec,
} from '../../src/dispatcher/ports.ts';
import type { Chance } from '../trial/chance.ts';
import type { Actor, Span } from './actor.ts';
import type { Machine, MachineTraits, RunRecord, Worker } from './cast.ts';
import type { KernelProcess } from './kernel.ts';
import type { Stage } from './stage.ts';

/** Starts the program of a worker; `onEnd` is told how it ended. */
export type StartProgram = (
  stage: Stage,
  worker: Worker,
  onEnd: (status: ExitStatus) => void,
) => KernelProcess;

/** Spawns launchers, for one dispatcher process after the other. */
export interface Launchers {
  spawn(spec: WorkerSpec, actor: Actor, parent: KernelProcess): SpawnedWorker | SpawnFailure;
  /** Whoever tells the ends dies. */
  lose(): void;
}

/** What launchers are made with. */
export interface LauncherParts {
  readonly stage: Stage;
  readonly chance: Chance;
  readonly traits: MachineTraits;
  readonly machine: () => Machine;
  readonly startProgram: StartProgram;
}

/** What a launcher exits with when it started nothing. */
const notStartedCode = 125;

/** How long it takes until a process notices something, in ms. */
const noticing: Span = [0.1, 4];

/** Launchers of one host. */
export function createLaunchers(parts: LauncherParts): Launchers {
  const { stage, chance, traits, startProgram } = parts;
  const { time, journal } = stage;
  const deafeners: (() => void)[] = [];
  const soon = (happen: () => void, actor?: Actor) =>
    void time.after(chance.between(...noticing), happen, actor);

  function spawn(
    spec: WorkerSpec,
    actor: Actor,
    parent: KernelProcess,
  ): SpawnedWorker | SpawnFailure {
    if (stage.isFoul() && chance.happens(traits.spawnFailures)) {
      return { spawned: false, errno: 'EAGAIN', detail: 'fork: try again' };
    }
    let tellEnd: (status: ExitStatus | undefined) => void = () => {};
    const exited = new Promise<ExitStatus | undefined>((resolve) => {
      tellEnd = resolve;
    });
    const worker = start(spec, parent, (status) => soon(() => tellEnd(status), actor));
    const { launcher } = worker;
    hideForAWhile(worker, actor.name);
    deafeners.push(() => soon(() => tellEnd(undefined), actor));
    const gate = gateOf(worker);
    // The pipe closes with whoever holds its other end.
    actor.onDeath(() => soon(gate.close));
    const { pid, startTime } = launcher;
    const { bootId } = worker.machine.kernel;
    const identity = { pid, startTime, bootId, nonce: spec.nonce };
    return { spawned: true, identity, go: gate.open, abandon: () => soon(gate.close), exited };
  }

  function start(
    spec: WorkerSpec,
    parent: KernelProcess,
    tellEnd: (status: ExitStatus) => void,
  ): Worker {
    const machine = parts.machine();
    const runId = runIdOf(spec.nonce);
    const launcher = machine.kernel.start({
      name: `launcher of ${runId}`,
      parent,
      leads: true,
      nonce: spec.nonce,
      onTerm: 'ignored',
      onEnd: (status) => {
        worker.endedAtMs = time.nowMs();
        if (stage.isFoul() && chance.happens(traits.pidReuse)) moveIn(launcher.pid);
        // It passes on its program's end; when it is killed itself, its parent sees just that.
        tellEnd('code' in status ? (worker.ended ?? status) : { signal: status.signal });
      },
    });
    const worker: Worker = {
      runId,
      nonce: spec.nonce,
      spec,
      machine,
      launcher,
      spawnedAtMs: time.nowMs(),
      program: undefined,
      wentAtMs: undefined,
      endedAtMs: undefined,
      ended: undefined,
      shownAtMs: time.nowMs(),
      stoppedAtMs: undefined,
    };
    machine.runs.set(runId, { recorded: undefined, output: '' });
    stage.workers.push(worker);
    return worker;
  }

  function gateOf(worker: Worker) {
    const { launcher, machine, runId } = worker;
    const record = machine.runs.get(runId) as RunRecord;
    let isClosed = true;
    return {
      open() {
        if (!launcher.isAlive) return;
        isClosed = false;
        stage.watch.goes(worker);
        worker.wentAtMs = time.nowMs();
        soon(() => letGo(worker, record));
      },
      close() {
        if (!isClosed || !launcher.isAlive) return;
        record.recorded = 'not_started';
        launcher.exit(notStartedCode);
      },
    };
  }

  function letGo(worker: Worker, record: RunRecord): void {
    if (!worker.launcher.isAlive) return;
    record.recorded = 'running';
    worker.program = startProgram(stage, worker, (status) => {
      worker.ended = status;
      if (!worker.launcher.isAlive) return;
      record.recorded = status;
      worker.launcher.exit('code' in status ? status.code : 255);
    });
  }

  /** Somebody who has nothing to do with us gets a pid that was ours. */
  function moveIn(pid: number): void {
    const { kernel, hostId } = parts.machine();
    time.after(chance.between(1, 500), () => {
      const name = `stranger ${pid}`;
      const stranger = kernel.startAs(pid, { name, leads: true, onEnd: () => {} });
      if (stranger === undefined) return;
      journal.note(['*'], () => `a stranger on ${hostId} gets the pid ${pid}`);
      time.after(chance.between(10_000, 120_000), () => stranger.exit(0));
    });
  }

  function hideForAWhile(worker: Worker, observer: string): void {
    const { probability, ms } = traits.hiding;
    if (!stage.isFoul() || !chance.happens(probability)) return;
    const forMs = chance.between(0, ms);
    worker.shownAtMs += forMs;
    worker.launcher.showOnlyTo(observer);
    time.after(forMs, () => worker.launcher.showOnlyTo(undefined));
  }

  function lose(): void {
    for (const deafen of deafeners.splice(0)) deafen();
  }

  return { spawn, lose };
}
