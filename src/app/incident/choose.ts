/**
 * What goes into an incident file. A fold needs every stream from its beginning, and a task's
 * status follows from its parents; so the file holds whole streams, and whatever the answers about
 * its tasks rest on:
 *
 * - of the tasks it is about, everything: the task, its runs, notes and refusals;
 * - beside them, of whatever they name, wait for or are waited for, of the other children of their
 *   parents, and of all ancestors of any of these, the task's own stream;
 * - the runs by which one tells how their assignees fare, with their tasks;
 * - the board and its dispatchers.
 */
import type { Queries } from '../../../projections/index.ts';
import { streamId, streams } from '../../domain/catalogue.ts';
import { contextCaps } from '../../domain/context.ts';
import type { EventLog, Position } from '../../log/event-log.ts';
import { pagesOf, pagesOfStream } from '../../log/pages.ts';

/** A board to choose from, as it was at the end of the incident. */
export interface ChosenFrom {
  readonly log: EventLog;
  readonly queries: Queries;
  /** Wall clock, UTC ms. */
  readonly nowMs: number;
}

/** What is in the file. */
export interface Choice {
  /** The tasks of which everything is there, and those of which there is their own stream. */
  readonly whole: readonly string[];
  readonly beside: readonly string[];
  /** The runs whose output is there. */
  readonly outputs: readonly string[];
  readonly streams: ReadonlySet<string>;
}

/** Everything about these tasks. */
export async function chooseAround(from: ChosenFrom, taskIds: readonly string[]): Promise<Choice> {
  const { queries, nowMs } = from;
  const whole = [...new Set(taskIds)];
  const outputs = whole.flatMap((id) => queries.runs(id).map(({ runId }) => runId));
  const ofWhole = [...whole.flatMap((id) => streamsOfTask(id)), ...outputs.map(streams.run)];
  const others = whole.flatMap((id) => runsBeside(queries, queries.task(id, nowMs)?.assignee));
  const near = [
    ...(await namedIn(from.log, ofWhole)),
    ...whole.flatMap((id) => relativesOf(from, id)),
    ...others.map(({ taskId }) => taskId),
  ];
  const beside = withAncestors(from, [...whole, ...near]).filter((id) => !whole.includes(id));
  return {
    whole,
    beside,
    outputs,
    streams: new Set([
      streams.board,
      ...queries.dispatchers().map(({ dispatcherId }) => streams.dispatcher(dispatcherId)),
      ...ofWhole,
      ...beside.map(streams.task),
      ...others.map(({ runId }) => streams.run(runId)),
    ]),
  };
}

/** The tasks to which something happened from one position to another, both included. */
export async function tasksTouched(
  { log, queries }: ChosenFrom,
  { first, last }: { readonly first: Position; readonly last: Position },
): Promise<readonly string[]> {
  const touched = new Set<string>();
  for await (const page of pagesOf(log, { after: first - 1, upTo: last, pageSize })) {
    for (const { stream } of page) {
      const taskId = taskOf(queries, stream);
      if (taskId !== undefined) touched.add(taskId);
    }
  }
  return [...touched];
}

/** Events read at a time: so few that even the largest fit into memory. */
const pageSize = 500;

function taskOf(queries: Queries, stream: string): string | undefined {
  const id = streamId(stream);
  if (stream.startsWith('run-')) return queries.run(id)?.opened.taskId;
  return /^(task|note|refused)-/.test(stream) ? id : undefined;
}

function streamsOfTask(taskId: string): readonly string[] {
  return [streams.task(taskId), streams.note(taskId), streams.refused(taskId)];
}

/** Parents, their other children, and children: a list of consequences counts them all. */
function relativesOf({ queries, nowMs }: ChosenFrom, taskId: string): readonly string[] {
  const parents = queries.parents(taskId, nowMs).map((parent) => parent.taskId);
  const siblings = parents.flatMap((id) => queries.children(id, nowMs));
  const children = queries.children(taskId, nowMs);
  return [...parents, ...[...siblings, ...children].map((task) => task.taskId)];
}

interface OtherRun {
  readonly runId: string;
  readonly taskId: string;
}

/** The latest runs looked at for the last answer of an assignee. */
const recentMax = 1_000;

/** What the context shows of an assignee's recent work, and what an outage is told by. */
function runsBeside(queries: Queries, assignee: string | null | undefined): readonly OtherRun[] {
  if (assignee === null || assignee === undefined) return [];
  const recent = queries.recentRunsOfAssignee(assignee, recentMax);
  const answered = recent.findIndex(
    ({ outcome }) => outcome === 'completed' || outcome === 'blocked',
  );
  const shown = Math.max(contextCaps.recentRuns + 1, answered + 1);
  const open = queries.openRuns().filter((run) => run.opened.assignee === assignee);
  return [...recent.slice(0, answered < 0 ? recentMax : shown), ...open].map((run) => ({
    runId: run.runId,
    taskId: run.opened.taskId,
  }));
}

/** Tasks named in the events of these streams, whether or not there are such tasks. */
async function namedIn(log: EventLog, names: readonly string[]): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for (const stream of names) {
    for await (const page of pagesOfStream(log, stream, { limit: pageSize })) {
      for (const { data } of page) for (const [id] of data.matchAll(taskIds)) named.add(id);
    }
  }
  return named;
}

const taskIds = /T-[0-9A-HJKMNP-TV-Z]{10}(?![0-9A-Z])/g;

/** These tasks, as far as there are such, and everything they wait for, directly or not. */
function withAncestors({ queries, nowMs }: ChosenFrom, taskIds: readonly string[]): string[] {
  const found = new Set<string>();
  const toVisit = [...taskIds];
  for (let id = toVisit.pop(); id !== undefined; id = toVisit.pop()) {
    if (found.has(id)) continue;
    const task = queries.task(id, nowMs);
    if (task === undefined) continue;
    found.add(id);
    toVisit.push(...task.parents);
  }
  return [...found].sort();
}
