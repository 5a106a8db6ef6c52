/**
 * A machine without processes: what dispatchers ask of their host, kept in memory, so that a test
 * decides when a worker exits, hangs, is stopped or ignores a signal. Several dispatchers may share
 * a machine, as they share the real one.
 */

import { runIdOf } from '../../src/dispatcher/nonce.ts';
import type {
  ExitStatus,
  GroupEnd,
  Host,
  ProbeResult,
  ProcessIdentity,
  RecordedExit,
  RunPaths,
  Slot,
  SpawnedWorker,
  SpawnFailure,
  WantedWorkspace,
  WorkerIdentity,
  WorkerSpec,
} from '../../src/dispatcher/ports.ts';
import { isAbandoned } from '../../src/dispatcher/slot-rule.ts';
import type { FakeClock } from '../kit/fake-clock.ts';

/** What a worker's process is doing. */
type Condition = 'gated' | 'running' | 'stopped' | 'gone';

/** A worker, as the test sees it and moves it. */
export interface FakeWorker {
  readonly runId: string;
  readonly spec: WorkerSpec;
  readonly identity: WorkerIdentity;
  condition: Condition;
  /** What its launcher wrote down. */
  recorded: RecordedExit;
  /** Output so far. */
  output: string;
  /** TERM does not impress it; only KILL does. */
  ignoresTerm: boolean;
  /** Even KILL does not: it hangs in the kernel. */
  isUnkillable: boolean;
  /** A descendant that outlives it. */
  hasDescendant: boolean;
  /** Whoever looks for its process finds none, although it is there. */
  isOverlooked: boolean;
  /** What its launcher wrote down cannot be read. */
  isUnreadable: boolean;
  /** Happens when it is looked for, in front of the look. */
  beforeProbe: () => void;
  /** Ends by itself: with a code, or by a signal that came from elsewhere. */
  exit(status: number | NodeJS.Signals): void;
  /** Ends, and its launcher with it, before a word about it was written. */
  vanish(): void;
}

/** The whole machine. */
export interface FakeMachine {
  /** A host for one dispatcher process. */
  host(pid: number): Host;
  /** Every worker that was ever spawned here, oldest first. */
  readonly workers: readonly FakeWorker[];
  /** The latest worker. */
  worker(): FakeWorker;
  readonly slots: Map<string, Slot>;
  readonly scratch: Set<string>;
  /** What stands in run directories, by run id. */
  readonly contexts: Map<string, string>;
  readonly tokenHashes: Map<string, string>;
  /** Artifacts that were copied, by workspace. */
  readonly kept: string[];
  bootId: string;
  /** When set, probing and looking at processes answer nothing. */
  isBlind: boolean;
  /** When set, nothing can be spawned, for this reason. */
  spawnFailure: SpawnFailure | undefined;
  /** Whatever starts processes for the dispatchers dies: nobody is told an end any more. */
  loseParents(): void;
  /** A dispatcher process dies: the gates of its launchers close. */
  kill(pid: number): void;
}

/** A machine with nothing running on it. */
export function createFakeMachine(clock: FakeClock, hostId = 'host-1'): FakeMachine {
  const workers: FakeWorker[] = [];
  const parents = new Map<FakeWorker, number>();
  const slots = new Map<string, Slot>();
  const scratch = new Set<string>();
  const contexts = new Map<string, string>();
  const tokenHashes = new Map<string, string>();
  const kept: string[] = [];
  const deadDispatchers = new Set<number>();
  const listeners = new Map<FakeWorker, (status: ExitStatus | undefined) => void>();
  let serial = 0;

  const machine: FakeMachine = {
    host,
    workers,
    worker: () => workers.at(-1) as FakeWorker,
    slots,
    scratch,
    contexts,
    tokenHashes,
    kept,
    bootId: 'boot-1',
    isBlind: false,
    spawnFailure: undefined,
    loseParents() {
      for (const worker of workers) listeners.get(worker)?.(undefined);
      listeners.clear();
    },
    kill(pid) {
      deadDispatchers.add(pid);
      for (const worker of workers) {
        if (parents.get(worker) === pid && worker.condition === 'gated') leaveAtGate(worker);
      }
    },
  };

  function probe({ bootId, nonce, pid: probed }: ProcessIdentity): ProbeResult {
    if (bootId !== machine.bootId) return { verdict: 'dead', because: 'other_boot' };
    if (machine.isBlind) return { verdict: 'unknown', because: 'unreadable' };
    const worker = find(nonce);
    worker?.beforeProbe();
    const isGone =
      nonce === undefined
        ? deadDispatchers.has(probed)
        : worker === undefined || worker.condition === 'gone' || worker.isOverlooked;
    return isGone
      ? { verdict: 'dead', because: 'no_such_process' }
      : { verdict: 'alive', because: 'running' };
  }

  function nextSerial(): string {
    serial += 1;
    return String(serial).padStart(12, '0');
  }

  function spawn(spec: WorkerSpec, parent: number): SpawnedWorker | SpawnFailure {
    if (machine.spawnFailure) return machine.spawnFailure;
    const pid = 1_000 + workers.length;
    const identity = { pid, startTime: clock.monoMs(), bootId: machine.bootId, nonce: spec.nonce };
    const worker: FakeWorker = {
      runId: runIdOf(spec.nonce),
      spec,
      identity,
      condition: 'gated',
      recorded: undefined,
      output: '',
      ignoresTerm: false,
      isUnkillable: false,
      hasDescendant: false,
      isOverlooked: false,
      isUnreadable: false,
      beforeProbe: () => {},
      exit(status) {
        const end = typeof status === 'number' ? { code: status } : { signal: status };
        worker.recorded = end;
        worker.condition = 'gone';
        tell(worker, end);
      },
      vanish() {
        worker.condition = 'gone';
        tell(worker, { signal: 'SIGKILL' });
      },
    };
    workers.push(worker);
    parents.set(worker, parent);
    const exited = new Promise<ExitStatus | undefined>((resolve) => listeners.set(worker, resolve));
    return {
      spawned: true,
      identity,
      go() {
        worker.condition = 'running';
        worker.recorded = 'running';
      },
      abandon: () => leaveAtGate(worker),
      exited,
    };
  }

  function leaveAtGate(worker: FakeWorker): void {
    worker.recorded = 'not_started';
    worker.condition = 'gone';
    tell(worker, { code: 125 });
  }

  /** Only a parent that lives is told. */
  function tell(worker: FakeWorker, status: ExitStatus): void {
    if (!deadDispatchers.has(parents.get(worker) as number)) listeners.get(worker)?.(status);
  }

  function find(nonce: string | undefined): FakeWorker | undefined {
    return workers.find(({ identity }) => identity.nonce === nonce);
  }

  async function end(leader: WorkerIdentity, killGraceMs: number): Promise<GroupEnd> {
    const worker = find(leader.nonce);
    if (worker === undefined || leader.bootId !== machine.bootId) return ended('was_gone');
    if (worker.condition === 'gone' && !worker.hasDescendant) return ended('was_gone');
    const resists = worker.ignoresTerm || worker.isUnkillable || worker.condition === 'stopped';
    if (resists) await new Promise<void>((resolve) => clock.after(killGraceMs, resolve));
    if (worker.isUnkillable) {
      return { outcome: 'unkillable', survivors: [{ pid: leader.pid, state: 'D' }] };
    }
    worker.hasDescendant = false;
    if (worker.condition !== 'gone') worker.exit(resists ? 'SIGKILL' : 'SIGTERM');
    return ended('gone');
  }

  function host(pid: number): Host {
    return {
      hostId,
      bootId: machine.bootId,
      self: { pid, startTime: clock.monoMs(), bootId: machine.bootId },
      capabilities: ['linux'],
      clock,
      timers: clock,
      random: () => 0.5,
      ids: {
        runId: () => `R-${nextSerial()}`,
        nonce: nextSerial,
        runToken: () => {
          const token = nextSerial();
          return { token, hash: token.padStart(64, '0') };
        },
      },
      processes: {
        spawn: async (spec) => spawn(spec, pid),
        probe,
        family({ nonce, pid: leader }) {
          const worker = find(nonce);
          if (machine.isBlind || worker === undefined) return undefined;
          if (worker.condition === 'gone') return [];
          const state = worker.condition === 'stopped' ? 'T' : 'S';
          return [
            { pid: leader, state: 'S' },
            { pid: leader + 10_000, state },
          ];
        },
        end,
        ageMs: ({ startTime }) => clock.monoMs() - startTime,
      },
      slots: {
        async acquire(slot, max) {
          const { boardDirectory } = slot;
          for (const [nonce, held] of slots) {
            const isFree = isAbandoned(held, { boardDirectory, probe });
            if (slots.size >= max && isFree) slots.delete(nonce);
          }
          if (slots.size >= max) return false;
          slots.set(slot.nonce, slot);
          return true;
        },
        async rebind(nonce, holder) {
          const slot = slots.get(nonce);
          if (slot) slots.set(nonce, { ...slot, holder });
          return slot !== undefined;
        },
        async release(nonce) {
          slots.delete(nonce);
        },
        list: () => [...slots.values()],
      },
      runFiles: {
        plan(runId, { token, context }) {
          tokenHashes.set(runId, token.padStart(64, '0'));
          contexts.set(runId, context);
          return { paths: pathsOf(runId), make: [] };
        },
        readExit(runId) {
          const worker = workers.find((each) => each.runId === runId);
          if (worker?.isUnreadable) throw new Error('EMFILE');
          return worker?.recorded;
        },
        outputBytes: (runId) => outputOf(runId).length,
        readTail: async (runId) => outputOf(runId),
        cap: () => async () => {},
      },
      workspaces: {
        async prepare(wanted: WantedWorkspace) {
          if (wanted.kind !== 'scratch') return { path: wanted.path ?? '/worktrees', make: [] };
          scratch.add(wanted.runId);
          return { path: `/workspaces/${wanted.runId}`, make: [] };
        },
        async keep(path, patterns) {
          kept.push(path);
          const sha256 = 'a'.repeat(64);
          const collected = patterns.map((name) => ({ path: name, sha256, sizeBytes: 3 }));
          return { collected, skipped: [] };
        },
        async removeScratch(runId) {
          scratch.delete(runId);
        },
      },
      environment: (_inherit, given) => ({ ...given }),
    };
  }

  function outputOf(runId: string): string {
    return workers.find((worker) => worker.runId === runId)?.output ?? '';
  }

  return machine;
}

function ended(outcome: GroupEnd['outcome']): GroupEnd {
  return { outcome, survivors: [] };
}

function pathsOf(runId: string): RunPaths {
  const path = `/runs/${runId}`;
  return {
    log: `${path}/log`,
    token: `${path}/token`,
    context: `${path}/context.md`,
    exit: `${path}/exit`,
  };
}
