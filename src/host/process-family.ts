/**
 * Finds every living process of a run: whoever carries its nonce, its session, and their children.
 *
 * One mark alone is not enough. A grandchild that calls setsid leaves the session but keeps the
 * environment; one started with an empty environment loses the nonce but keeps its session or its
 * parent. Only a process that shed all three at once escapes (a cgroup would be needed for it).
 */
import type { WorkerIdentity } from '../dispatcher/ports.ts';
import { hasEnded, type ProcessStat, type ProcessTable } from './process-table.ts';

/**
 * The living processes of the run whose first process, the leader of its session, is given.
 * Whoever was recognised before (`known`) stays recognised. Undefined when the table could not be
 * read in full: then nobody can be declared gone.
 */
export function findFamily(
  leader: WorkerIdentity,
  table: ProcessTable,
  known: readonly ProcessStat[] = [],
): readonly ProcessStat[] | undefined {
  const candidates = startedSince(leader.startTime, table);
  const carriers = candidates && carriersOf(leader.nonce, candidates, table);
  if (!candidates || !carriers) {
    return undefined;
  }
  const roots = [...carriers, ...candidates.filter((it) => known.some((old) => isSame(old, it)))];
  // A session's id is not used again while it has members: one of ours in it makes it ours.
  const session = roots.some((it) => it.session === leader.pid) ? leader.pid : undefined;
  const members = candidates.filter((it) => it.session === session);
  return withDescendants([...roots, ...members], candidates).filter(
    (it) => !hasEnded(it) && it.pid !== process.pid,
  );
}

/** True when both are the same process, not two that had the same pid. */
export function isSame(one: ProcessStat, other: ProcessStat): boolean {
  return one.pid === other.pid && one.startTime === other.startTime;
}

/** Nothing that was running before the leader can descend from it. */
function startedSince(startTime: number, table: ProcessTable): ProcessStat[] | undefined {
  const pids = table.pids();
  if (!pids.seen) {
    return undefined;
  }
  const found: ProcessStat[] = [];
  for (const pid of pids.value) {
    const sight = table.stat(pid);
    if (!sight.seen && sight.why === 'unreadable') {
      return undefined;
    }
    if (sight.seen && sight.value.startTime >= startTime) {
      found.push(sight.value);
    }
  }
  return found;
}

function carriersOf(
  nonce: string,
  candidates: readonly ProcessStat[],
  table: ProcessTable,
): ProcessStat[] | undefined {
  const carriers: ProcessStat[] = [];
  for (const candidate of candidates) {
    const sight = table.nonce(candidate.pid);
    if (!sight.seen && sight.why === 'unreadable') {
      return undefined;
    }
    if (sight.seen && sight.value === nonce) {
      carriers.push(candidate);
    }
  }
  return carriers;
}

function withDescendants(
  roots: readonly ProcessStat[],
  candidates: readonly ProcessStat[],
): ProcessStat[] {
  const family = new Map(roots.map((it) => [it.pid, it]));
  let size = 0;
  while (size < family.size) {
    size = family.size;
    for (const it of candidates) {
      if (family.has(it.parent)) {
        family.set(it.pid, it);
      }
    }
  }
  return [...family.values()];
}
