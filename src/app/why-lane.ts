/** What surrounds a task in the queue: the dispatchers at work, and how much they may start. */
import type { DispatcherRow, Queries, TaskRow } from '../../projections/index.ts';
import { streams } from '../domain/catalogue.ts';
import { findOutage } from '../domain/outage.ts';
import { defaultPolicy, type Policy, type RecordedPolicy } from '../domain/policy.ts';
import type { Lane, RecordedOf, ServingDispatcher } from '../domain/why/facts.ts';
import { type DispatcherProbe, servingOf } from './fleet.ts';
import type { StoryReader } from './why-stories.ts';

/** Dispatchers that are looked at: the latest. */
const dispatchersMax = 10;

/** Ready tasks that are counted before this one. */
const aheadMax = 100;

interface LaneGathering {
  readonly queries: Queries;
  readonly reader: StoryReader;
  readonly nowMs: number;
  readonly probeDispatcher: DispatcherProbe;
}

/** The dispatchers and the lane of a task; only a ready one needs to know them. */
export async function readLane(
  { queries, reader, nowMs, probeDispatcher }: LaneGathering,
  task: TaskRow,
): Promise<{ readonly dispatchers: readonly ServingDispatcher[]; readonly lane: Lane }> {
  if (task.status !== 'ready') return { dispatchers: [], lane: emptyLane };
  const rows = servingOf(queries.servingDispatchers(), probeDispatcher).slice(0, dispatchersMax);
  const dispatchers = await Promise.all(rows.map((row) => servingAs(row, queries, reader)));
  return { dispatchers, lane: laneOf(queries, task, { dispatchers, nowMs }) };
}

const emptyLane: Lane = {
  assignee: null,
  running: 0,
  outage: undefined,
  ahead: 0,
  isAheadCut: false,
};

async function servingAs(
  { dispatcherId, policy, policyPosition, assignees, workers, host }: DispatcherRow,
  queries: Queries,
  reader: StoryReader,
): Promise<ServingDispatcher> {
  const started = await reader.first(streams.dispatcher(dispatcherId));
  const said = policyPosition === started?.position ? undefined : await reader.at(policyPosition);
  return {
    started: started as RecordedOf<'DispatcherStarted'>,
    changed: said?.type === 'PolicyChanged' ? said : undefined,
    policy,
    assignees,
    workers,
    runningOnHost: queries.openRuns({ host }).length,
  };
}

function laneOf(
  queries: Queries,
  task: TaskRow,
  { dispatchers, nowMs }: { dispatchers: readonly ServingDispatcher[]; nowMs: number },
): Lane {
  const fallback = dispatchers.find(({ policy }) => policy.defaultAssignee !== null);
  const assignee = task.assignee ?? fallback?.policy.defaultAssignee ?? null;
  const serving = dispatchers.find(({ assignees }) => assignees.includes(assignee ?? ''));
  const endings = assignee === null ? [] : queries.codedEndings(assignee);
  const outage = serving && findOutage(endings, wholePolicy(serving.policy));
  const served = [...new Set(dispatchers.flatMap(({ assignees }) => assignees))];
  const ready = queries.ready(nowMs, {
    limit: aheadMax + 1,
    assignees: [...served, task.assignee],
  });
  const place = ready.findIndex(({ taskId }) => taskId === task.taskId);
  return {
    assignee,
    running: assignee === null ? 0 : queries.openRunCount({ assignee }),
    outage,
    ahead: place === -1 ? Math.min(ready.length, aheadMax) : place,
    isAheadCut: place === -1,
  };
}

/** What the first recorded policies did not know is the default. */
function wholePolicy(recorded: RecordedPolicy): Policy {
  const told = Object.entries(recorded).filter(([, value]) => value !== undefined);
  return { ...defaultPolicy, ...Object.fromEntries(told) };
}
