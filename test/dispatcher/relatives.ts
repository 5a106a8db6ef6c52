/** Who is whose child, as /proc has it. */
import { readFileSync } from 'node:fs';
import { createProcessTable, type ProcessStat } from '../../src/host/process-table.ts';
import { eventually } from '../kit/eventually.ts';

const table = createProcessTable();

/** The children of a process, zombies among them. */
export function childrenOf(parent: number): readonly ProcessStat[] {
  const pids = table.pids();
  if (!pids.seen) throw new Error(pids.errno);
  return pids.value.flatMap((pid) => {
    const sight = table.stat(pid);
    return sight.seen && sight.value.parent === parent ? [sight.value] : [];
  });
}

/** The pids of children that have ended and that nobody has waited for. */
export function zombiesOf(parent: number): readonly number[] {
  return childrenOf(parent)
    .filter(({ state }) => state === 'Z')
    .map(({ pid }) => pid);
}

/** The one process that starts workers for a dispatcher, once any before it has left. */
export function spawnerOf(dispatcher: number): Promise<number> {
  return eventually('there is one spawner', () => {
    const spawners = childrenOf(dispatcher).filter(isSpawner);
    return spawners.length === 1 ? spawners[0]?.pid : undefined;
  });
}

function isSpawner({ pid }: ProcessStat): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('spawner.mjs');
}
