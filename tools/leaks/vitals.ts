/** What a process holds on to, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs';
import { createProcessTable } from '../../src/host/process-table.ts';

/** A look at a process and at what it started. */
export interface Vitals {
  /** Resident memory of the process itself, in bytes. */
  readonly rssBytes: number;
  /** Its open files, sockets and pipes. */
  readonly openFiles: number;
  /** Descendants that have ended and that nobody has waited for. */
  readonly zombies: number;
}

const table = createProcessTable();

/** Looks at a process. Throws when it is gone. */
export function vitalsOf(pid: number): Vitals {
  const [, kibibytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return {
    rssBytes: Number(kibibytes) * 1_024,
    openFiles: readdirSync(`/proc/${pid}/fd`).length,
    zombies: descendantsOf(pid).filter(({ state }) => state === 'Z').length,
  };
}

function descendantsOf(ancestor: number): { pid: number; state: string }[] {
  const pids = table.pids();
  if (!pids.seen) throw new Error(pids.errno);
  const all = pids.value.flatMap((pid) => {
    const sight = table.stat(pid);
    return sight.seen ? [sight.value] : [];
  });
  const family = new Set([ancestor]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => pid !== ancestor && family.has(pid));
}
