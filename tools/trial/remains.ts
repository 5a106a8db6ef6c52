/** Processes that are still there when nobody should be. */
import { readdirSync, readFileSync } from 'node:fs';
import { createProcessTable, hasEnded } from '../../src/host/process-table.ts';

const table = createProcessTable();

/** The pids of all living processes that carry the mark of a board: its workers and launchers. */
export function workersOf(boardDirectory: string): readonly number[] {
  const mark = `LOGBOARD_BOARD=${boardDirectory}`;
  return livingPids().filter((pid) => environmentOf(pid).includes(mark));
}

/** The living children of this process, as the kernel knows them. */
export function ownChildren(): readonly number[] {
  return livingPids().filter((pid) => {
    const sight = table.stat(pid);
    return sight.seen && sight.value.parent === process.pid;
  });
}

/** Whether a process lives; a zombie does not. */
export function isLiving(pid: number): boolean {
  const sight = table.stat(pid);
  return sight.seen && !hasEnded(sight.value);
}

function livingPids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger).filter(isLiving);
}

/** The variables a process was started with; none when it is gone or somebody else's. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
