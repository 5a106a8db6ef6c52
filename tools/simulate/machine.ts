/**
 * A simulated host: a kernel, slots, the files of runs, and workers behind their gates. Dispatchers
 * reach it through the same ports as the real one, and the real code that probes and ends processes
 * works on its kernel.
 */

import type {
  ExitStatus,
  Host,
  Processes,
  RecordedExit,
  Slot,
  Slots,
  SpawnedWorker,
  SpawnFailure,
  WorkerSpec,
} from '../../src/dispatcher/ports.ts';
import { createProbe } from '../../src/host/probe.ts';
import { findFamily } from '../../src/host/process-family.ts';
import { createGroupEnder } from '../../src/host/process-group.ts';
import { createSnapshots } from '../../src/host/process-snapshots.ts';
import type { Clock } from '../../src/log/ports.ts';
import type { Actor, Span } from './actor.ts';
import { createKernel, type Kernel, type KernelProcess, tickMs } from './kernel.ts';
import type { Stage } from './stage.ts';

/** What is known of a run on the host's disk. */
export interface RunRecord {
  recorded: RecordedExit;
  output: string;
}

/** A launcher and the program it starts, as the machine sees them. */
export interface Worker {
  readonly runId: string;
  readonly nonce: string;
  readonly spec: WorkerSpec;
  readonly machine: Machine;
  readonly launcher: KernelProcess;
  /** When it was spawned, in virtual ms. */
  readonly spawnedAtMs: number;
  /** Undefined while the gate is closed. */
  program: KernelProcess | undefined;
  /** When the gate opened, in virtual ms. */
  wentAtMs: number | undefined;
  /** When its launcher had ended, in virtual ms. */
  endedAtMs: number | undefined;
  /** How its program ended. */
  ended: ExitStatus | undefined;
  /** When it was last seen standing still, in virtual ms. */
  stoppedAtMs: number | undefined;
}

/** A host. */
export interface Machine {
  readonly hostId: string;
  readonly clock: Clock;
  readonly kernel: Kernel;
  readonly runs: Map<string, RunRecord>;
  readonly slots: Map<string, Slot>;
  readonly scratch: Set<string>;
  /** The host as a dispatcher process has it. */
  hostFor(actor: Actor, process: KernelProcess): Host;
  stepWall(ms: number): void;
  /** Whatever starts workers for the dispatchers dies: nobody is told an end any more. */
  loseParents(): void;
  /** Its dispatchers are, or were, in trouble: nobody may have been able to renew a lease. */
  noteTrouble(): void;
  /** Whether there was trouble within this time. */
  isUnattended(withinMs: number): boolean;
  /** The power goes, and comes back with another boot id. Everything that ran is no more. */
  reboot(): void;
}

/** How a machine differs from others. */
export interface MachineTraits {
  readonly hostId: string;
  readonly pids: number;
  readonly wallOffsetMs: number;
  /** How likely it is that a spawn fails. */
  readonly spawnFailures: number;
  /** How likely it is that others do not see a fresh worker for a while, and for how long. */
  readonly hiding: { readonly probability: number; readonly ms: number };
}

/** When the wall clocks begin, UTC ms. */
const storyStartMs = Date.UTC(2026, 4, 1, 8);

/** How long things take on a host, in ms. */
const spans = {
  spawn: [1, 15],
  slots: [0.2, 3],
  files: [0.1, 2],
  exit: [0.1, 4],
} as const satisfies Record<string, Span>;

/** What the launcher exits with when it started nothing. */
const notStartedCode = 125;

/** A host that has just been switched on. */
export function createMachine(stage: Stage, traits: MachineTraits): Machine {
  const { time, journal } = stage;
  const { hostId } = traits;
  const chance = stage.chance.fork(`machine ${hostId}`);
  const runs = new Map<string, RunRecord>();
  const slots = new Map<string, Slot>();
  const scratch = new Set<string>();
  const parents: (() => void)[] = [];
  let boots = 0;
  let bootedAtMs = 0;
  let troubleAtMs = 0;
  let wallOffsetMs = traits.wallOffsetMs;
  const clock: Clock = {
    nowMs: () => storyStartMs + Math.floor(time.nowMs() + wallOffsetMs),
    monoMs: () => time.nowMs() - bootedAtMs,
  };
  const state = { kernel: boot() };

  const machine: Machine = {
    hostId,
    clock,
    get kernel() {
      return state.kernel;
    },
    runs,
    slots,
    scratch,
    hostFor,
    loseParents() {
      for (const lose of parents.splice(0)) lose();
    },
    noteTrouble() {
      troubleAtMs = time.nowMs();
    },
    isUnattended: (withinMs) => time.nowMs() - troubleAtMs < withinMs,
    stepWall(ms) {
      wallOffsetMs += ms;
    },
    reboot() {
      for (const actor of stage.actorsOn(machine)) actor.die();
      state.kernel.halt();
      bootedAtMs = time.nowMs();
      state.kernel = boot();
    },
  };

  function boot(): Kernel {
    boots += 1;
    const bootId = `${hostId}-boot-${boots}`;
    return createKernel({ bootId, clock, pids: traits.pids, onSignal: noteSignal });
  }

  function noteSignal(process: KernelProcess, signal: string): void {
    journal.note([process.name], () => `${process.name} (${process.pid}) gets ${signal}`);
    stage.watch.signalled(process, signal);
  }

  function hostFor(actor: Actor, process: KernelProcess): Host {
    const { bootId } = state.kernel;
    const { pid, startTime } = process;
    return {
      hostId,
      bootId,
      self: { pid, startTime, bootId },
      capabilities: ['linux'],
      clock: actor.clock,
      timers: actor.timers,
      ids: stage.ids,
      processes: processesFor(actor, process),
      slots: slotsFor(actor),
      runFiles: runFilesFor(actor),
      workspaces: {
        async prepare({ kind, path, runId }) {
          const isScratch = kind === 'scratch';
          return actor.call(() => {
            if (isScratch) scratch.add(runId);
            return { path: isScratch ? `/scratch/${runId}` : (path ?? '/worktree'), make: [] };
          }, spans.files);
        },
        keep: () => actor.call(() => ({ collected: [], skipped: [] }), spans.files),
        removeScratch: (runId) => actor.call(() => void scratch.delete(runId), spans.files),
      },
      environment: (_inherit, given) => ({ ...given }),
    };
  }

  function processesFor(actor: Actor, process: KernelProcess): Processes {
    const { kernel } = state;
    const { table, kill } = kernel.view(actor.name);
    const probe = createProbe({ table, bootId: kernel.bootId, kill });
    const snapshot = createSnapshots({ table, timers: actor.timers });
    const { clock: ownClock, timers } = actor;
    return {
      spawn: (spec) => actor.call(() => spawn(spec, actor, process), spans.spawn),
      probe,
      family: (leader) => findFamily(leader, table),
      end: createGroupEnder({ table, snapshot, probe, kill, clock: ownClock, timers }),
      ageMs: ({ startTime }) => clock.monoMs() - startTime * tickMs,
    };
  }

  function slotsFor(actor: Actor): Slots {
    const { kernel } = state;
    const probe = createProbe({ ...kernel.view('slots'), bootId: kernel.bootId });
    return {
      acquire: (slot, max) => actor.call(() => take(slot, max, probe), spans.slots),
      rebind: (nonce, holder) =>
        actor.call(() => {
          const slot = slots.get(nonce);
          if (slot !== undefined) slots.set(nonce, { ...slot, holder });
          return slot !== undefined;
        }, spans.slots),
      release: (nonce) => actor.call(() => void slots.delete(nonce), spans.slots),
      list: () => [...slots.values()],
    };
  }

  function take(slot: Slot, max: number, probe: Processes['probe']): boolean {
    if (slots.has(slot.nonce)) return true;
    if (slots.size >= max) {
      for (const { nonce, holder } of slots.values()) {
        if (probe(holder).verdict === 'dead') slots.delete(nonce);
      }
    }
    if (slots.size >= max) return false;
    slots.set(slot.nonce, slot);
    return true;
  }

  function runFilesFor(actor: Actor): Host['runFiles'] {
    return {
      plan(runId, { token }) {
        stage.tokens.set(runId, token);
        const path = `/runs/${runId}`;
        const paths = {
          log: `${path}/log`,
          token: `${path}/token`,
          context: `${path}/context.md`,
          exit: `${path}/exit`,
        };
        return { paths, make: [] };
      },
      readExit: (runId) => runs.get(runId)?.recorded,
      outputBytes: (runId) => runs.get(runId)?.output.length ?? 0,
      readTail: (runId) => actor.call(() => runs.get(runId)?.output ?? '', spans.files),
      cap: () => async () => {},
    };
  }

  function spawn(
    spec: WorkerSpec,
    actor: Actor,
    parent: KernelProcess,
  ): SpawnedWorker | SpawnFailure {
    if (stage.isFoul() && chance.happens(traits.spawnFailures)) {
      return { spawned: false, errno: 'EAGAIN', detail: 'fork: try again' };
    }
    const { kernel } = state;
    let tellEnd: (status: ExitStatus | undefined) => void = () => {};
    const exited = new Promise<ExitStatus | undefined>((resolve) => {
      tellEnd = resolve;
    });
    const runId = spec.nonce.split('.', 1)[0] ?? '';
    const launcher = kernel.start({
      name: `launcher of ${runId}`,
      parent,
      leads: true,
      nonce: spec.nonce,
      onTerm: 'ignored',
      onEnd: (status) => {
        worker.endedAtMs = time.nowMs();
        // The launcher passes on its program's end; when it is killed, its parent sees just that.
        const told = 'code' in status ? (worker.ended ?? status) : { signal: status.signal };
        time.after(chance.between(...spans.exit), () => tellEnd(told), actor);
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
      stoppedAtMs: undefined,
    };
    const record: RunRecord = { recorded: undefined, output: '' };
    runs.set(runId, record);
    stage.workers.push(worker);
    hideForAWhile(launcher, actor.name);
    parents.push(() => time.after(chance.between(...spans.exit), () => tellEnd(undefined), actor));
    let isGateClosed = true;
    const leave = () => {
      if (!isGateClosed || !launcher.isAlive) return;
      isGateClosed = false;
      record.recorded = 'not_started';
      launcher.exit(notStartedCode);
    };
    // The pipe closes with whoever holds its other end.
    actor.onDeath(() => void time.after(chance.between(...spans.exit), leave));
    return {
      spawned: true,
      identity: {
        pid: launcher.pid,
        startTime: launcher.startTime,
        bootId: kernel.bootId,
        nonce: spec.nonce,
      },
      go() {
        if (!launcher.isAlive) return;
        isGateClosed = false;
        stage.watch.goes(worker);
        worker.wentAtMs = time.nowMs();
        time.after(chance.between(...spans.exit), () => startProgram(worker, record));
      },
      abandon: () => void time.after(chance.between(...spans.exit), leave),
      exited,
    };
  }

  function hideForAWhile(launcher: KernelProcess, observer: string): void {
    const { probability, ms } = traits.hiding;
    if (!stage.isFoul() || !chance.happens(probability)) return;
    launcher.showOnlyTo(observer);
    time.after(chance.between(0, ms), () => launcher.showOnlyTo(undefined));
  }

  function startProgram(worker: Worker, record: RunRecord): void {
    if (!worker.launcher.isAlive) return;
    record.recorded = 'running';
    worker.program = stage.startProgram(worker, (status) => {
      worker.ended = status;
      if (!worker.launcher.isAlive) return;
      record.recorded = status;
      worker.launcher.exit('code' in status ? status.code : 255);
    });
  }

  return machine;
}
