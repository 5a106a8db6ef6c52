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
  readonly host: Pick<Host, 'self' | 'capabilities' | 'slots' | 'processes'>;
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
  const coming = unclaimed(deps);
  const freeByAssignee = freePlaces(queries, coming, deps);
  const slots = lookAtSlots(deps);
  const freeSlots = Math.max(0, Math.min(slots.free, launchesMax - deps.launching.size));
  const nextDueAtMs = queries.nextDueAtMs(deps.nowMs);
  // Where only its own workers are in the way, the end of one of them is a cause to look again.
  const isWorthAsking = freeSlots > 0 || (slots.free === 0 && slots.areSomeOfOthers);
  const count = freeSlots + 1 + coming.length;
  return {
    ready: isWorthAsking ? readyTasks(queries, { ...deps, freeByAssignee, count }) : [],
    freeSlots,
    freeByAssignee,
    nextDueInMs: nextDueAtMs === undefined ? undefined : nextDueAtMs - deps.nowMs,
  };
}

/** The assignees of launches that are under way, and that the tables do not know of yet. */
function unclaimed({ launching, open }: QueueDeps): string[] {
  const claimed = new Set(open.map(({ taskId }) => taskId));
  return [...launching].filter(([taskId]) => !claimed.has(taskId)).map(([, name]) => name);
}

/** For each assignee this host can serve: how many workers it may still have. */
function freePlaces(
  queries: Queries,
  coming: readonly string[],
  { board, host, definitions }: QueueDeps,
): Map<string, number> {
  const running = queries.runningCounts();
  const free = new Map<string, number>();
  for (const [assignee, definition] of Object.entries(definitions)) {
    if (!definition.requires.every((name) => host.capabilities.includes(name))) continue;
    const starting = coming.filter((name) => name === assignee).length;
    const taken = (running[assignee] ?? 0) + starting;
    free.set(assignee, Math.max(0, workersMax(definition, board.policy()) - taken));
  }
  return free;
}

/**
 * The first `count` that could be started: as many as there is room for, and one more, to know
 * whether anybody waits. Those that are busy, or wait for their workspace, do not count.
 */
function readyTasks(
  queries: Queries,
  deps: QueueDeps & { count: number; freeByAssignee: ReadonlyMap<string, number> },
): ReadyTask[] {
  const { board, acts, nowMs, freeByAssignee, count } = deps;
  const { defaultAssignee } = board.policy();
  const served = [...freeByAssignee].filter(([, places]) => places > 0).map(([name]) => name);
  if (served.length === 0) return [];
  const isDefaultServed = defaultAssignee !== null && served.includes(defaultAssignee);
  const assignees = isDefaultServed ? [...served, null] : served;
  for (let limit = count; ; limit *= 2) {
    const rows = queries.ready(nowMs, { limit, assignees });
    const free = rows.filter((task) => !acts.isBusy(task.taskId) && !mustWait(task, deps));
    if (free.length >= count || rows.length < limit) return free.map(asReadyTask(defaultAssignee));
  }
}

function asReadyTask(defaultAssignee: string | null) {
  return ({ taskId, assignee, priority, seq }: TaskRow): ReadyTask => ({
    taskId,
    assignee: assignee ?? defaultAssignee ?? '',
    isUnassigned: assignee === null,
    priority,
    seq,
  });
}

/** A directory that outlives its run is not handed on before everybody has left it. */
function mustWait({ taskId, workspace }: TaskRow, { workers }: QueueDeps): boolean {
  return workspace.kind !== 'scratch' && workers.isHaunted(taskId);
}

/** When all slots seem taken, those of the dead are looked for: nobody else gives them back. */
function lookAtSlots({ board, host, workers }: QueueDeps) {
  const { maxRunning } = board.policy();
  const slots = host.slots.list();
  const ours = new Set([...workers.all()].map(({ identity }) => identity.nonce));
  const others = slots.filter(
    ({ nonce, holder }) => !ours.has(nonce) && holder.pid !== host.self.pid,
  );
  const areSomeOfOthers = others.length > 0;
  if (slots.length < maxRunning) return { free: maxRunning - slots.length, areSomeOfOthers };
  const isDead = ({ holder }: Slot) => host.processes.probe(holder).verdict === 'dead';
  const taken = slots.length - others.filter(isDead).length;
  return { free: Math.max(0, maxRunning - taken), areSomeOfOthers };
}
