/**
 * The kernel of a simulated host: processes with pids that are used again, states, groups, sessions
 * and environments, and the signals between them. The real probe and the real ender of process
 * groups work on what it shows.
 */
import type { Kill } from '../../src/host/probe.ts';
import type { ProcessStat, ProcessTable, Sight, Unseen } from '../../src/host/process-table.ts';
import type { Clock } from '../../src/log/ports.ts';

/** A signal as far as it matters here. */
export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

/** What a process is when it begins. */
export interface NewProcess {
  /** What it is, for the history. */
  readonly name: string;
  readonly parent?: KernelProcess;
  /** Begins a group and a session of its own. */
  readonly leads: boolean;
  readonly nonce?: string | undefined;
  /** What TERM does: `ends` it, is `ignored`, or is `trapped` and does nothing for ever. */
  readonly onTerm?: 'ends' | 'ignored';
  /** Called once, when it is gone. */
  readonly onEnd: (status: EndOfProcess) => void;
  /** Called when it stops and when it goes on. */
  readonly onStop?: (isStopped: boolean) => void;
}

/** How a process came to its end. */
export type EndOfProcess = { readonly code: number } | { readonly signal: Signal };

/** A process in the kernel's table. */
export interface KernelProcess {
  readonly pid: number;
  readonly name: string;
  readonly startTime: number;
  readonly nonce: string | undefined;
  readonly isAlive: boolean;
  readonly isStopped: boolean;
  readonly isHanging: boolean;
  /** Ends by itself. */
  exit(code: number): void;
  /** Comes from outside; what it does depends on the process. */
  signal(signal: Signal): void;
  /** Hangs in the kernel: even KILL waits until this is over. */
  hang(isHanging: boolean): void;
  /** Nobody but this observer sees it, until it is shown again with `undefined`. */
  showOnlyTo(observer: string | undefined): void;
}

/** The kernel of one boot. */
export interface Kernel {
  readonly bootId: string;
  start(process: NewProcess): KernelProcess;
  /** The same, with a pid that was used before, if nobody has it now. */
  startAs(pid: number, process: NewProcess): KernelProcess | undefined;
  /** What /proc tells somebody, and the signals he can send. */
  view(observer: string): KernelView;
  /** When set, /proc cannot be read. */
  isBlind: boolean;
  /** Everything alive, oldest first. */
  living(): readonly KernelProcess[];
  /** The power goes. Nobody is told anything any more. */
  halt(): void;
}

/** The kernel as one process sees it. */
export interface KernelView {
  readonly table: ProcessTable;
  readonly kill: Kill;
}

/** What a kernel is made of. */
export interface KernelParts {
  readonly bootId: string;
  readonly clock: Pick<Clock, 'monoMs'>;
  /** How many pids there are: with few, they are used again soon. */
  readonly pids: number;
  /** Called before a signal reaches a process. */
  readonly onSignal: (process: KernelProcess, signal: string) => void;
}

/** Above the pids of every real system: the process that simulates has none of these. */
const firstPid = 10_000_000;

/** Start times count in these, in ms, as on Linux. */
export const tickMs = 10;

interface Entry extends KernelProcess {
  isAlive: boolean;
  isStopped: boolean;
  isHanging: boolean;
  shownOnlyTo: string | undefined;
  stat(): ProcessStat;
}

/** A kernel with nothing running. */
export function createKernel({ bootId, clock, pids, onSignal }: KernelParts): Kernel {
  const entries = new Map<number, Entry>();
  let next = 0;

  const gone: Unseen = { seen: false, why: 'gone', errno: 'ENOENT' };
  const unreadable: Unseen = { seen: false, why: 'unreadable', errno: 'EMFILE' };

  const kernel = {
    bootId,
    isBlind: false,
    start,
    startAs,
    view,
    living: () => [...entries.values()],
    halt() {
      for (const entry of entries.values()) entry.isAlive = false;
      entries.clear();
    },
  };

  function view(observer: string): KernelView {
    const isVisible = ({ shownOnlyTo }: Entry) => (shownOnlyTo ?? observer) === observer;
    const visible = () => [...entries.values()].filter(isVisible);

    function look<T>(pid: number, read: (entry: Entry) => T): Sight<T> {
      if (kernel.isBlind) return unreadable;
      const entry = entries.get(pid);
      return entry && isVisible(entry) ? { seen: true, value: read(entry) } : gone;
    }

    const table: ProcessTable = {
      stat: (pid) => look(pid, (entry) => entry.stat()),
      nonce: (pid) => look(pid, ({ nonce }) => nonce),
      pids: () =>
        kernel.isBlind ? unreadable : { seen: true, value: visible().map(({ pid }) => pid) },
    };
    return { table, kill: (pid, signal) => kill(visible(), pid, signal) };
  }

  function start(process: NewProcess): KernelProcess {
    const entry = entryOf(process, freePid());
    entries.set(entry.pid, entry);
    return entry;
  }

  function startAs(pid: number, process: NewProcess): KernelProcess | undefined {
    if (isTaken(pid, entries.values())) return undefined;
    const entry = entryOf(process, pid);
    entries.set(pid, entry);
    return entry;
  }

  function freePid(): number {
    for (;;) {
      const pid = firstPid + (next % Math.max(pids, entries.size * 2 + 1));
      next += 1;
      if (!isTaken(pid, entries.values())) return pid;
    }
  }

  function entryOf(process: NewProcess, pid: number): Entry {
    const { name, nonce, leads, parent, onTerm = 'ends', onEnd, onStop } = process;
    const startTime = Math.floor(clock.monoMs() / tickMs);
    const { group = pid, session = pid } = leads || parent === undefined ? {} : statOf(parent);
    const pending = new Set<Signal>();
    const entry: Entry = {
      pid,
      name,
      startTime,
      nonce,
      isAlive: true,
      isStopped: false,
      isHanging: false,
      shownOnlyTo: undefined,
      exit: (code) => end({ code }),
      signal: receive,
      hang(isHanging) {
        entry.isHanging = isHanging;
        if (!isHanging) deliverPending();
      },
      showOnlyTo(observer) {
        entry.shownOnlyTo = observer;
      },
      stat: () => ({
        pid,
        state: stateOf(entry),
        parent: parentOf(parent),
        group,
        session,
        startTime,
      }),
    };

    function receive(signal: Signal): void {
      if (!entry.isAlive) return;
      const mustWait = entry.isHanging || (entry.isStopped && signal === 'SIGTERM');
      if (signal === 'SIGCONT') resume();
      else if (signal === 'SIGSTOP') stop();
      else if (mustWait) pending.add(signal);
      else if (signal === 'SIGKILL' || onTerm === 'ends') end({ signal });
    }

    function stop(): void {
      if (entry.isStopped) return;
      entry.isStopped = true;
      onStop?.(true);
    }

    function resume(): void {
      if (!entry.isStopped) return;
      entry.isStopped = false;
      onStop?.(false);
      deliverPending();
    }

    function deliverPending(): void {
      const waiting = [...pending];
      pending.clear();
      for (const signal of waiting) receive(signal);
    }

    function end(status: EndOfProcess): void {
      if (!entry.isAlive) return;
      entry.isAlive = false;
      entries.delete(pid);
      onEnd(status);
    }

    return entry;
  }

  function statOf(process: KernelProcess): ProcessStat {
    return (process as Entry).stat();
  }

  /** Throws like `process.kill`. */
  function kill(among: readonly Entry[], pid: number, signal: NodeJS.Signals | 0): void {
    const isMeant = (entry: Entry) => (pid > 0 ? entry.pid === pid : entry.stat().group === -pid);
    const present = among.filter(isMeant);
    if (present.length === 0) throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
    if (signal === 0) return;
    for (const entry of present) {
      onSignal(entry, signal);
      entry.signal(signal as Signal);
    }
  }

  return kernel;
}

/** A pid is not used again as long as a group or a session has its number. */
function isTaken(pid: number, entries: Iterable<Entry>): boolean {
  return [...entries].some((entry) => {
    const { group, session } = entry.stat();
    return entry.pid === pid || group === pid || session === pid;
  });
}

function stateOf({ isStopped, isHanging }: Entry): string {
  if (isHanging) return 'D';
  return isStopped ? 'T' : 'S';
}

/** Whoever loses its parent becomes the first process's. */
function parentOf(parent: KernelProcess | undefined): number {
  return parent?.isAlive ? parent.pid : 1;
}
