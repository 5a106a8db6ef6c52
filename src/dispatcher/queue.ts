/** What waits to be started, and how much may be started now. */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { ListedTask } from '../../projections/tasks/row.ts';
import type { Policy } from '../domain/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Acts } from './acts.ts';
import { type Doubts, lookForDoubts, outageViews, placesOf } from './outages.ts';
import type { Host, Slot } from './ports.ts';
import { isAbandoned, isHeldBy } from './slot-rule.ts';
import type { ReadyTask, View } from './view.ts';
import type { WorkerDefinitions } from './worker-definition.ts';
import type { Workers } from './workers.ts';

/** What looking at the queue takes besides the tables. */
export interface QueueDeps {
  readonly board: { readonly log: Pick<EventLog, 'atomic'>; policy(): Policy };
  readonly boardDirectory: string;
  readonly host: Pick<Host, 'self' | 'capabilities' | 'processes' | 'random'>;
  /** The slots of the host. */
  readonly slots: readonly Slot[];
  readonly definitions: () => WorkerDefinitions;
  readonly workers: Pick<Workers, 'isHaunted' | 'all'>;
  readonly acts: Pick<Acts, 'isBusy'>;
  /** The assignee of each task whose launch is under way. */
  readonly launching: ReadonlyMap<string, string>;
  readonly nowMs: number;
  /** The open runs, as the tables have them. */
  readonly open: readonly RunRow[];
}

/** The beginning of the queue that hosts draw from grows with their number, up to this. */
const hostsMax = 8;

/** Launches at once: enough to keep the disk busy, few enough to keep their order. */
export const launchesMax = 16;

/** The parts of a view that starting is about. */
export function lookAtQueue(
  queries: Queries,
  deps: QueueDeps,
): Pick<View, 'ready' | 'freeSlots' | 'freeByAssignee' | 'outages' | 'nextDueInMs'> {
  const coming = unclaimed(deps);
  const served = servedHere(deps);
  const doubts = lookForDoubts(queries, served, deps.board.policy());
  const { outages, suspicions } = doubts;
  const freeByAssignee = freePlaces(queries, { ...deps, served, coming, outages });
  const slots = lookAtSlots(deps);
  const freeSlots = Math.max(0, Math.min(slots.free, launchesMax - deps.launching.size));
  const nextDueAtMs = queries.nextDueAtMs(deps.nowMs);
  // Where only its own workers are in the way, the end of one of them is a cause to look again.
  const isWorthAsking = freeSlots > 0 || (slots.free === 0 && slots.areSomeOfOthers);
  const hosts = deps.board.log.atomic ? 1 : Math.min(queries.servingHosts(), hostsMax);
  const isShared = hosts > 1;
  const count = (freeSlots + 1) * Math.max(hosts, 1) + coming.length + suspicions.size;
  const wanted = { ...deps, freeByAssignee, suspicions, count, isShared };
  return {
    ready: isWorthAsking ? readyTasks(queries, wanted) : [],
    freeSlots,
    freeByAssignee,
    outages: outageViews(doubts, deps.nowMs),
    nextDueInMs: nextDueAtMs === undefined ? undefined : nextDueAtMs - deps.nowMs,
  };
}

/** The assignees of launches that are under way, and that the tables do not know of yet. */
function unclaimed({ launching, open }: QueueDeps): string[] {
  const claimed = new Set(open.map(({ taskId }) => taskId));
  return [...launching].filter(([taskId]) => !claimed.has(taskId)).map(([, name]) => name);
}

/** The assignees whose tasks this host can start. */
function servedHere({ host, definitions }: QueueDeps): readonly string[] {
  return Object.entries(definitions())
    .filter(([, { requires }]) => requires.every((name) => host.capabilities.includes(name)))
    .map(([assignee]) => assignee);
}

/** For each assignee this host can serve: how many workers it may still have. */
function freePlaces(
  queries: Queries,
  deps: QueueDeps &
    Pick<Doubts, 'outages'> & { readonly served: readonly string[]; coming: readonly string[] },
): Map<string, number> {
  const { board, definitions, served, coming, outages, nowMs } = deps;
  const defined = definitions();
  const running = queries.runningCounts();
  const free = new Map<string, number>();
  for (const assignee of served) {
    const starting = coming.filter((name) => name === assignee).length;
    const taken = (running[assignee] ?? 0) + starting;
    const now = { outage: outages.get(assignee), nowMs };
    const max = placesOf(defined[assignee] ?? {}, board.policy(), now);
    free.set(assignee, Math.max(0, max - taken));
  }
  return free;
}

/**
 * The first `count` that could be started: as many as there is room for, and one more, to know
 * whether anybody waits. Those that are busy, or wait for their workspace, do not count.
 */
function readyTasks(
  queries: Queries,
  deps: QueueDeps &
    Pick<Doubts, 'suspicions'> & {
      count: number;
      freeByAssignee: ReadonlyMap<string, number>;
      isShared: boolean;
    },
): ReadyTask[] {
  const { board, host, acts, nowMs, freeByAssignee, suspicions, count, isShared } = deps;
  const { defaultAssignee } = board.policy();
  const served = [...freeByAssignee].filter(([, places]) => places > 0).map(([name]) => name);
  if (served.length === 0) return [];
  const isDefaultServed = defaultAssignee !== null && served.includes(defaultAssignee);
  const assignees = isDefaultServed ? [...served, null] : served;
  for (let limit = count; ; limit *= 2) {
    const rows = queries.ready(nowMs, { limit, assignees });
    const free = rows.filter((task) => !acts.isBusy(task.taskId) && !mustWait(task, deps));
    if (free.length >= count || rows.length < limit) {
      return free.map((row) => ({
        ...asReadyTask(row, defaultAssignee, suspicions),
        turn: isShared ? host.random() : 0,
      }));
    }
  }
}

function asReadyTask(
  { taskId, assignee, priority, seq }: ListedTask,
  defaultAssignee: string | null,
  suspicions: ReadonlyMap<string, number>,
): Omit<ReadyTask, 'turn'> {
  return {
    taskId,
    assignee: assignee ?? defaultAssignee ?? '',
    isUnassigned: assignee === null,
    priority,
    seq,
    suspicion: suspicions.get(taskId) ?? 0,
  };
}

/** A directory that outlives its run is not handed on before everybody has left it. */
function mustWait({ taskId, workspace }: ListedTask, { workers }: QueueDeps): boolean {
  return workspace.kind !== 'scratch' && workers.isHaunted(taskId);
}

/** When all slots seem taken, abandoned ones are looked for: nobody gives them back. */
function lookAtSlots({ board, boardDirectory, host, slots, workers }: QueueDeps) {
  const { maxRunning } = board.policy();
  const ours = new Set([...workers.all()].map(({ identity }) => identity.nonce));
  const others = slots.filter((slot) => !ours.has(slot.nonce) && !isHeldBy(slot, host.self));
  const areSomeOfOthers = others.length > 0;
  if (slots.length < maxRunning) return { free: maxRunning - slots.length, areSomeOfOthers };
  const { probe } = host.processes;
  const abandoned = others.filter((slot) => isAbandoned(slot, { boardDirectory, probe }));
  const taken = slots.length - abandoned.length;
  return { free: Math.max(0, maxRunning - taken), areSomeOfOthers };
}
