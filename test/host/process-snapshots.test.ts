/** Shared looks at all processes. */
import { expect, it } from 'vitest';
import { createSnapshots } from '../../src/host/process-snapshots.ts';
import type { ProcessStat, ProcessTable } from '../../src/host/process-table.ts';
import type { Timers } from '../../src/log/ports.ts';

const waits: number[] = [];
const timers: Timers = {
  after: (ms, fn) => {
    waits.push(ms);
    queueMicrotask(fn);
    return () => {};
  },
  immediate: queueMicrotask,
};
const clock = { monoMs: () => 0 };

function stat(pid: number): ProcessStat {
  return { pid, state: 'S', parent: 1, group: pid, session: pid, startTime: pid };
}

/** A machine whose processes the test decides; it counts how often they are listed. */
function machine(lists: readonly (readonly number[])[]) {
  let listed = 0;
  const table: ProcessTable = {
    pids: () => {
      const value = lists[Math.min(listed, lists.length - 1)] ?? [];
      listed += 1;
      return { seen: true, value };
    },
    stat: (pid) => ({ seen: true, value: stat(pid) }),
    nonce: () => ({ seen: true, value: undefined }),
  };
  return { table, listings: () => listed };
}

it('those who ask together share one look', async () => {
  const { table, listings } = machine([[1, 2, 3]]);
  const snapshot = createSnapshots({ table, clock, timers });
  const [one, other] = await Promise.all([snapshot(), snapshot()]);
  expect(one).toBe(other);
  expect(listings()).toBe(2);
});

it('who asks after a look has begun gets one of its own', async () => {
  const { table } = machine([[1]]);
  const snapshot = createSnapshots({ table, clock, timers });
  expect(await snapshot()).not.toBe(await snapshot());
});

it('the longer a look takes, the longer the next one waits for others, within bounds', async () => {
  const { table } = machine([[1]]);
  let [nowMs, lookMs] = [0, 5];
  const slow: ProcessTable = {
    ...table,
    stat: (pid) => {
      nowMs += lookMs;
      return table.stat(pid);
    },
  };
  const busy: Timers = {
    ...timers,
    immediate(fn) {
      // What others do between two slices is no part of the look.
      nowMs += 1_000;
      fn();
    },
  };
  const snapshot = createSnapshots({ table: slow, clock: { monoMs: () => nowMs }, timers: busy });
  waits.length = 0;
  for (lookMs of [5, 20, 500, 5]) await snapshot();
  expect(waits).toEqual([25, 25, 60, 75]);
});

it('nobody hides by forking while the look is taken', async () => {
  const { table } = machine([[1, 2], [2, 3], [3]]);
  const seen = await createSnapshots({ table, clock, timers })();
  expect(seen.pids()).toEqual({ seen: true, value: [1, 2, 3] });
  expect(seen.stat(3)).toEqual({ seen: true, value: stat(3) });
});

it('a look that cannot list the processes declares nobody gone', async () => {
  const blind: ProcessTable = {
    ...machine([[1]]).table,
    pids: () => ({ seen: false, why: 'unreadable', errno: 'EMFILE' }),
  };
  const seen = await createSnapshots({ table: blind, clock, timers })();
  expect(seen.pids()).toMatchObject({ seen: false, why: 'unreadable' });
});
