/** What waits to be started, and how much may be started now. */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { Policy } from '../domain/policy.ts';
import type { Acts } from './acts.ts';
import type { Host, Slot } from './ports.ts';
import type { ReadyTask, View } from './view.ts';
import { type WorkerDefinitions, workersMax } from './worker-definition.ts';
import type { Workers } from './workers.ts';

/** What looking at the queue takes besides the tables. */
export interface QueueDeps {
  readonly board: { policy(): Policy };
  readonly host: Pick<Host, 'capabilities' | 'slots' | 'processes'>;
  readonly definitions: WorkerDefinitions;
  readonly workers: Pick<Workers, 'isHaunted' | 'all'>;
  readonly acts: Pick<Acts, 'isBusy'>;
  /** The assignee of each task whose launch is under way. */
  readonly launching: ReadonlyMap<string, string>;
  readonly nowMs: number;
  /** The open runs, as the tables have them. */
  readonly open: readonly RunRow[];
}

/** Launches at once: enough to keep the disk busy, few enough to keep their order. */
export const launchesMax = 16;

/** The parts of a view that starting is about. */
export function lookAtQueue(
  queries: Queries,
  deps: QueueDeps,
): Pick<View, 'ready' | 'freeSlots' | 'freeByAssignee' | 'nextDueInMs'> {
  const freeByAssignee = freePlaces(queries, deps);
  const free = Math.min(freeSlots(deps), launchesMax - deps.launching.size);
  const nextDueAtMs = queries.nextDueAtMs(deps.nowMs);
  return {
    ready: readyTasks(queries, deps, { free, freeByAssignee }),
    freeSlots: free,
    freeByAssignee,
    nextDueInMs: nextDueAtMs === undefined ? undefined : nextDueAtMs - deps.nowMs,
  };
}

/** For each assignee this host can serve: how many workers it may still have. */
function freePlaces(queries: Queries, deps: QueueDeps): Map<string, number> {
  const { board, host, definitions, launching, open } = deps;
  const policy = board.policy();
  const running = queries.runningCounts();
  const claimed = new Set(open.map(({ taskId }) => taskId));
  const coming = [...launching].filter(([taskId]) => !claimed.has(taskId));
  const free = new Map<string, number>();
  for (const [assignee, definition] of Object.entries(definitions)) {
    if (!definition.requires.every((name) => host.capabilities.includes(name))) continue;
    const starting = coming.filter(([, name]) => name === assignee).length;
    const taken = (running[assignee] ?? 0) + starting;
    free.set(assignee, Math.max(0, workersMax(definition, policy) - taken));
  }
  return free;
}

/** As many as may be started, and one more, to know whether anybody waits for a slot. */
function readyTasks(
  queries: Queries,
  deps: QueueDeps,
  { free, freeByAssignee }: { free: number; freeByAssignee: ReadonlyMap<string, number> },
): ReadyTask[] {
  const { defaultAssignee } = deps.board.policy();
  const served = [...freeByAssignee].filter(([, places]) => places > 0).map(([name]) => name);
  const canDefault = defaultAssignee !== null && served.includes(defaultAssignee);
  if (served.length === 0) return [];
  const assignees = canDefault ? [...served, null] : served;
  const rows = startableRows(queries, { ...deps, assignees, count: Math.max(free, 0) + 1 });
  return rows.map(({ taskId, assignee, priority, seq }) => ({
    taskId,
    assignee: assignee ?? defaultAssignee ?? '',
    isUnassigned: assignee === null,
    priority,
    seq,
  }));
}

/** Those that are busy or wait for their workspace must not crowd out the others. */
function startableRows(
  queries: Queries,
  deps: QueueDeps & { assignees: readonly (string | null)[]; count: number },
): readonly TaskRow[] {
  const { nowMs, assignees, count, acts } = deps;
  for (let limit = count; ; limit *= 2) {
    const rows = queries.ready(nowMs, { limit, assignees });
    const startable = rows.filter((task) => !acts.isBusy(task.taskId) && !mustWait(task, deps));
    if (startable.length >= count || rows.length < limit) return startable;
  }
}

/** A directory that outlives its run is not handed on before everybody has left it. */
function mustWait({ taskId, workspace }: TaskRow, { workers }: QueueDeps): boolean {
  return workspace.kind !== 'scratch' && workers.isHaunted(taskId);
}

/** When all slots seem taken, those of the dead are looked for: nobody else gives them back. */
function freeSlots({ board, host, workers }: QueueDeps): number {
  const { maxRunning } = board.policy();
  const slots = host.slots.list();
  if (slots.length < maxRunning) return maxRunning - slots.length;
  const known = new Set([...workers.all()].map(({ identity }) => identity.nonce));
  const isDead = ({ nonce, holder }: Slot) =>
    !known.has(nonce) && host.processes.probe(holder).verdict === 'dead';
  return Math.max(0, maxRunning - slots.filter((slot) => !isDead(slot)).length);
}
