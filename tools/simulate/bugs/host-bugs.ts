/** Bugs between the dispatcher and the operating system: processes, slots, clocks, files. */

import { runIdOf } from '../../../src/dispatcher/nonce.ts';
import type { Host, Processes, ProcessIdentity, Slots } from '../../../src/dispatcher/ports.ts';
import type { Bug } from '../bug.ts';

/** All of them. */
export const hostBugs: readonly Bug[] = [
  {
    name: 'unknown_is_dead',
    what: 'A process that cannot be looked at is taken for dead.',
    host: (host) =>
      withProcesses(host, ({ probe }) => ({
        probe(identity) {
          const result = probe(identity);
          return result.verdict === 'unknown' ? { verdict: 'dead', because: 'unreadable' } : result;
        },
      })),
  },
  {
    name: 'pid_is_identity',
    what: 'Whoever has the pid now is taken for the worker.',
    host: (host, { machine }) =>
      withProcesses(host, ({ probe }) => ({
        probe(identity) {
          const isThere = machine.kernel.living().some(({ pid }) => pid === identity.pid);
          return isThere ? { verdict: 'alive', because: 'running' } : probe(identity);
        },
      })),
  },
  {
    name: 'boot_ignored',
    what: 'A worker of an earlier boot is looked for among the processes of this one.',
    host: (host, { machine }) =>
      withProcesses(host, () => ({
        probe({ pid }) {
          const isThere = machine.kernel.living().some((process) => process.pid === pid);
          return isThere
            ? { verdict: 'alive', because: 'running' }
            : { verdict: 'unknown', because: 'hidden' };
        },
      })),
  },
  {
    name: 'kill_by_pid',
    what: 'Only the first process of a run is ended, and what has its pid now is taken for it.',
    host: (host, { machine }) =>
      withProcesses(host, () => ({
        async end({ pid }) {
          const leader = machine.kernel.living().find((process) => process.pid === pid);
          if (leader !== undefined) machine.kernel.view('').kill(pid, 'SIGKILL');
          return { outcome: leader === undefined ? 'was_gone' : 'gone', survivors: [] };
        },
      })),
  },
  {
    name: 'gone_without_a_look',
    what: 'After TERM, processes are taken for gone.',
    host: (host) =>
      withProcesses(host, ({ end }) => ({
        async end(leader, killGraceMs) {
          void end(leader, killGraceMs);
          return { outcome: 'gone', survivors: [] };
        },
      })),
  },
  {
    name: 'processes_left',
    what: 'Nobody ends what a run has left behind.',
    host: (host) =>
      withProcesses(host, () => ({ end: async () => ({ outcome: 'gone', survivors: [] }) })),
  },
  {
    name: 'go_before_recorded',
    what: 'The gate opens as soon as the worker is spawned.',
    host: (host) =>
      withProcesses(host, ({ spawn }) => ({
        async spawn(spec) {
          const worker = await spawn(spec);
          if (worker.spawned) worker.go();
          return worker;
        },
      })),
  },
  {
    name: 'spawned_twice',
    what: 'A spawn that took its time is done again.',
    host: (host) =>
      withProcesses(host, ({ spawn }) => ({
        async spawn(spec) {
          const first = await spawn(spec);
          if (!first.spawned || host.clock.monoMs() % 3 > 1) return first;
          const second = await spawn(spec);
          if (second.spawned) second.go();
          return first;
        },
      })),
  },
  {
    name: 'deaf_parent',
    what: 'Nobody hears the end of a child.',
    host: (host) =>
      withProcesses(host, ({ spawn }) => ({
        async spawn(spec) {
          const worker = await spawn(spec);
          return worker.spawned ? { ...worker, exited: new Promise(() => {}) } : worker;
        },
      })),
  },
  {
    name: 'grace_from_first_start',
    what: 'The crash grace counts from the first start of the task.',
    host: (host, { world }) => {
      const firstAtMs = (identity: ProcessIdentity) => {
        const { runs } = world.ledger;
        const taskId = runs.get(runIdOf(identity.nonce ?? ''))?.taskId;
        const first = [...runs.values()].find((run) => run.taskId === taskId);
        return first?.openedAtMs ?? 0;
      };
      return withProcesses(host, () => ({
        ageMs: (identity) => world.time.nowMs() - firstAtMs(identity),
      }));
    },
  },
  {
    name: 'stopped_is_working',
    what: 'A worker that stands still is taken for one at work.',
    host: (host) => withProcesses(host, () => ({ family: () => undefined })),
  },
  {
    name: 'wall_clock_leases',
    what: 'Leases and ages are measured with the wall clock.',
    host: (host) => {
      const { nowMs } = host.clock;
      return { ...host, clock: { nowMs, monoMs: nowMs } };
    },
  },
  {
    name: 'exit_record_ignored',
    what: 'Nobody reads what a launcher wrote down.',
    host: (host) => ({ ...host, runFiles: { ...host.runFiles, readExit: () => undefined } }),
  },
  {
    name: 'slot_never_released',
    what: 'A slot that was taken in vain is not given back.',
    host: (host) => withSlots(host, () => ({ release: async () => {} })),
  },
  {
    name: 'slot_not_handed_on',
    what: 'A slot stays with the dispatcher, and is free when that dies.',
    host: (host) => withSlots(host, () => ({ rebind: async () => true })),
  },
  {
    name: 'slots_not_counted',
    what: 'There is always a slot.',
    host: (host) =>
      withSlots(host, ({ acquire }) => ({
        acquire: (slot) => acquire(slot, 1_000_000),
        list: () => [],
      })),
  },
  {
    name: 'scratch_shared',
    what: 'All attempts at a task work in one directory.',
    host: (host) => ({
      ...host,
      workspaces: {
        ...host.workspaces,
        prepare: async (wanted) => ({
          ...(await host.workspaces.prepare(wanted)),
          path: `/scratch/${wanted.taskId}`,
        }),
      },
    }),
  },
  {
    name: 'long_rests',
    what: 'A rest is not ended by anything but news, and news may be lost.',
    host: (host) => ({
      ...host,
      timers: {
        ...host.timers,
        after: (ms, fire, hold) => (ms >= restMs ? () => {} : host.timers.after(ms, fire, hold)),
      },
    }),
  },
];

/** Whoever waits for so long waits for news, in ms. */
const restMs = 900;

function withProcesses(host: Host, change: (processes: Processes) => Partial<Processes>): Host {
  return { ...host, processes: { ...host.processes, ...change(host.processes) } };
}

function withSlots(host: Host, change: (slots: Slots) => Partial<Slots>): Host {
  return { ...host, slots: { ...host.slots, ...change(host.slots) } };
}
