/**
 * A simulated host: a kernel, clocks, slots, the files of runs. Dispatchers reach it through the
 * same ports as the real one, and the real code that probes and ends processes works on its kernel.
 */
import type { Host, Processes, Slot } from '../../src/dispatcher/ports.ts';
import { createProbe } from '../../src/host/probe.ts';
import { findFamily } from '../../src/host/process-family.ts';
import { createGroupEnder } from '../../src/host/process-group.ts';
import { createSnapshots } from '../../src/host/process-snapshots.ts';
import type { Clock } from '../../src/log/ports.ts';
import type { Actor, Span } from './actor.ts';
import type { Machine, MachineTraits, RunRecord } from './cast.ts';
import { runFilesFor, slotsFor, workspacesFor } from './host-ports.ts';
import { createKernel, type Kernel, type KernelProcess, tickMs } from './kernel.ts';
import { createLaunchers, type StartProgram } from './launcher.ts';
import type { Stage } from './stage.ts';

/** When the wall clocks begin, UTC ms. */
const storyStartMs = Date.UTC(2026, 4, 1, 8);

/** How long a spawn takes, there and back, in ms. */
const spawning: Span = [1, 15];

/** A host that has just been switched on. */
export function createMachine(
  stage: Stage,
  traits: MachineTraits,
  startProgram: StartProgram,
): Machine {
  const { time, journal } = stage;
  const { hostId } = traits;
  const chance = stage.chance.fork(`machine ${hostId}`);
  const runs = new Map<string, RunRecord>();
  const slots = new Map<string, Slot>();
  const launchers = createLaunchers({
    stage,
    chance,
    traits,
    machine: () => machine,
    startProgram,
  });
  let boots = 0;
  let bootedAtMs = 0;
  let troubleAtMs = 0;
  let wallOffsetMs = traits.wallOffsetMs;
  const clock: Clock = {
    nowMs: () => storyStartMs + Math.floor(time.nowMs() + wallOffsetMs),
    monoMs: () => time.nowMs() - bootedAtMs,
  };
  let kernel = boot();

  const machine: Machine = {
    hostId,
    clock,
    get kernel() {
      return kernel;
    },
    runs,
    slots,
    hostFor,
    loseParents: launchers.lose,
    noteTrouble() {
      troubleAtMs = time.nowMs();
    },
    isUnattended: (withinMs) => time.nowMs() - troubleAtMs < withinMs,
    stepWall(ms) {
      wallOffsetMs += ms;
    },
    reboot() {
      for (const actor of stage.actorsOn(machine)) actor.die();
      kernel.halt();
      for (const worker of stage.workers) {
        if (worker.machine === machine) worker.endedAtMs ??= time.nowMs();
      }
      bootedAtMs = time.nowMs();
      kernel = boot();
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
    const { bootId } = kernel;
    const { pid, startTime } = process;
    const slotProbe = createProbe({ ...kernel.view('slots'), bootId });
    return {
      hostId,
      bootId,
      self: { pid, startTime, bootId },
      capabilities: ['linux'],
      clock: actor.clock,
      timers: actor.timers,
      random: actor.chance.fork('jitter').float,
      ids: stage.ids,
      processes: processesFor(actor, process),
      slots: slotsFor(actor, slots, slotProbe),
      runFiles: runFilesFor(actor, machine, (runId, token) => stage.tokens.set(runId, token)),
      workspaces: workspacesFor(actor),
      environment: (_inherit, given) => ({ ...given }),
    };
  }

  function processesFor(actor: Actor, process: KernelProcess): Processes {
    const { table, kill } = kernel.view(actor.name);
    const time = { clock: actor.clock, timers: actor.timers };
    const probe = createProbe({ table, bootId: kernel.bootId, kill });
    const snapshot = createSnapshots({ table, ...time });
    return {
      spawn: (spec) => actor.call(() => launchers.spawn(spec, actor, process), spawning),
      probe,
      family: (leader) => findFamily(leader, table),
      end: createGroupEnder({ table, snapshot, probe, kill, ...time }),
      ageMs: ({ startTime: startedAt }) => clock.monoMs() - startedAt * tickMs,
    };
  }

  return machine;
}
