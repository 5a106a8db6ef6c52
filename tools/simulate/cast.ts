/** Who takes part besides the processes: hosts, and the workers on them. */
import type {
  ExitStatus,
  Host,
  RecordedExit,
  Slot,
  WorkerSpec,
} from '../../src/dispatcher/ports.ts';
import type { Clock } from '../../src/log/ports.ts';
import type { Actor } from './actor.ts';
import type { Kernel, KernelProcess } from './kernel.ts';

/** What is known of a run on the host's disk. */
export interface RunRecord {
  recorded: RecordedExit;
  output: string;
}

/** A launcher and the program it starts, as the machine sees them; moments are virtual, in ms. */
export interface Worker {
  readonly runId: string;
  readonly nonce: string;
  readonly spec: WorkerSpec;
  readonly machine: Machine;
  readonly launcher: KernelProcess;
  readonly spawnedAtMs: number;
  /** Undefined while the gate is closed. */
  program: KernelProcess | undefined;
  /** When the gate opened. */
  wentAtMs: number | undefined;
  /** When its launcher had ended. */
  endedAtMs: number | undefined;
  /** How its program ended. */
  ended: ExitStatus | undefined;
  /** Until when others did not see it. */
  shownAtMs: number;
  /** When its program was last stopped, or went on. */
  stoppedAtMs: number | undefined;
}

/** A host. */
export interface Machine {
  readonly hostId: string;
  readonly clock: Clock;
  readonly kernel: Kernel;
  readonly runs: Map<string, RunRecord>;
  readonly slots: Map<string, Slot>;
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
  /** How likely it is that a stranger gets the pid of a worker that has just gone. */
  readonly pidReuse: number;
  /** How likely it is that others do not see a fresh worker for a while, and for how long. */
  readonly hiding: { readonly probability: number; readonly ms: number };
}

/** Let go, and not all of it gone. */
export function isAtWork({ wentAtMs, launcher, program }: Worker): boolean {
  return wentAtMs !== undefined && (launcher.isAlive || program?.isAlive === true);
}
