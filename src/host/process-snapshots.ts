/**
 * One look at all processes, shared by everybody who asks for one at about the same time.
 *
 * When a run is over, its processes are looked for among all that there are. That takes some
 * milliseconds, and dozens of runs may end within one: they share a look, and it is taken in
 * slices, so that the event loop goes on in between. The longer looks take, the rarer they are.
 */
import type { Clock, Timers } from '../log/ports.ts';
import type { ProcessStat, ProcessTable, Sight } from './process-table.ts';

/** Resolves with a table as it was some moment after the call; nonces are read when asked for. */
export type TakeSnapshot = () => Promise<ProcessTable>;

/** How long a look waits for others to share it: so many times what the one before took … */
const gatherPerLook = 3;
/** … within these bounds, in ms. */
const gatherMs = { min: 25, max: 75 };
/** Processes read without a break for the event loop: about a third of a millisecond. */
const sliceSize = 16;

/** Makes the function that takes shared looks at `table`. */
export function createSnapshots(deps: {
  table: ProcessTable;
  clock: Pick<Clock, 'monoMs'>;
  timers: Timers;
}): TakeSnapshot {
  const { table, clock, timers } = deps;
  let gathering: Promise<ProcessTable> | undefined;
  let lookMs = 0;

  async function gather(): Promise<ProcessTable> {
    await new Promise<void>((resolve) => {
      timers.after(gatherMsAfter(lookMs), resolve);
    });
    // Whoever asks from here on wants to see what happens from here on.
    gathering = undefined;
    const stopwatch = createStopwatch(clock);
    const seen = await read(stopwatch);
    lookMs = stopwatch.ms();
    return seen;
  }

  /** Reads until a listing shows nobody new, so that nobody hides by forking during the look. */
  async function read({ during }: Stopwatch): Promise<ProcessTable> {
    const stats = new Map<number, Sight<ProcessStat>>();
    for (;;) {
      const pids = during(table.pids);
      if (!pids.seen) return { ...table, pids: () => pids };
      const unread = pids.value.filter((pid) => !stats.has(pid));
      if (unread.length === 0) return frozen(table, stats);
      for (let from = 0; from < unread.length; from += sliceSize) {
        const slice = unread.slice(from, from + sliceSize);
        during(() => slice.map((pid) => stats.set(pid, table.stat(pid))));
        await new Promise<void>((resolve) => timers.immediate(resolve));
      }
    }
  }

  return () => {
    gathering ??= gather();
    return gathering;
  };
}

/** Sums up what a look takes of the event loop: not what others did with it in between. */
interface Stopwatch {
  during<T>(work: () => T): T;
  ms(): number;
}

function createStopwatch(clock: Pick<Clock, 'monoMs'>): Stopwatch {
  let ms = 0;
  function during<T>(work: () => T): T {
    const startedAtMs = clock.monoMs();
    const done = work();
    ms += clock.monoMs() - startedAtMs;
    return done;
  }
  return { during, ms: () => ms };
}

function gatherMsAfter(lookMs: number): number {
  return Math.min(Math.max(gatherPerLook * lookMs, gatherMs.min), gatherMs.max);
}

function frozen(table: ProcessTable, stats: ReadonlyMap<number, Sight<ProcessStat>>): ProcessTable {
  const gone = { seen: false, why: 'gone', errno: 'ENOENT' } as const;
  const nonces = new Map<number, Sight<string | undefined>>();
  return {
    pids: () => ({ seen: true, value: [...stats.keys()] }),
    stat: (pid) => stats.get(pid) ?? gone,
    nonce: (pid) => {
      const sight = nonces.get(pid) ?? table.nonce(pid);
      nonces.set(pid, sight);
      return sight;
    },
  };
}
