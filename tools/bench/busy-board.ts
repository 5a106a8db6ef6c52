/**
 * A board as a fleet leaves it after a day: cards in every column, each with a past of twenty
 * events, and the events of many tasks between those of one.
 */
import type { BoardDomainEvent } from '../../src/domain/catalogue.ts';
import { streams } from '../../src/domain/catalogue.ts';
import { defaultPolicy, runPolicy } from '../../src/domain/policy.ts';
import type { EventLog, StreamWrite } from '../../src/log/event-log.ts';
import { type Dated, encode, worker } from './history.ts';
import { caller, ids, openBenchBoard } from './parts.ts';

/** Cards on the board. */
export const cardCount = 5_000;
const eventsPerTask = 20;
/** Events of all of them. */
export const eventCount = cardCount * eventsPerTask;

const policy = runPolicy(defaultPolicy);
const ttlMs = policy.claimTtlMs;
/** After the first attempt of each. */
const failures = 1;
/** Between two events of a task: a life takes some twenty minutes. */
const stepMs = 60_000;
/** Between two tasks that are created. */
const apartMs = 7_200;
/** Small appends: what belongs to one stream comes together in each of them. */
const eventsPerAppend = 250;
const runningCount = 60;

type Stored = readonly [stream: string, ...dated: Dated];

/** Makes the board: `cardCount` tasks with `eventCount` events, and the event that founds it. */
export async function buildBusyBoard(directory: string): Promise<void> {
  const board = await openBenchBoard(directory);
  const created = { type: 'CreateBoard', name: 'bench', epoch: board.log.epoch } as const;
  await board.as(caller).changeBoard(created);
  await appendInOrder(board.log, lives());
  await board.read();
  await board.close();
}

function lives(): readonly Stored[] {
  const taskIds = Array.from({ length: cardCount }, () => ids.taskId());
  const startMs = Date.now() - cardCount * apartMs - eventsPerTask * stepMs;
  return taskIds.flatMap((taskId, index) => {
    const steps = lifeOf({ taskId, index, parentId: taskIds[index - 1] });
    return steps.map(([stream, event], step): Stored => {
      return [stream, event, startMs + index * apartMs + step * stepMs];
    });
  });
}

async function appendInOrder(log: EventLog, events: readonly Stored[]): Promise<void> {
  const inOrder = events.toSorted(([, , one], [, , other]) => one - other);
  const versions = new Map<string, number>();
  for (let done = 0; done < inOrder.length; done += eventsPerAppend) {
    const batch = byStream(inOrder.slice(done, done + eventsPerAppend));
    const writes = [...batch].map(([stream, dated]): StreamWrite => {
      const version = versions.get(stream);
      versions.set(stream, (version ?? -1) + dated.length);
      return { stream, expected: version ?? 'no_stream', events: dated.map(encode) };
    });
    const result = await log.append(writes);
    if (!result.ok) throw new Error('a life met a conflict');
  }
}

function byStream(events: readonly Stored[]): ReadonlyMap<string, readonly Dated[]> {
  const streams = new Map<string, Dated[]>();
  for (const [stream, ...dated] of events) {
    const known = streams.get(stream);
    if (known === undefined) streams.set(stream, [dated]);
    else known.push(dated);
  }
  return streams;
}

interface Lived {
  readonly taskId: string;
  readonly index: number;
  /** The task that was created before. */
  readonly parentId: string | undefined;
}

type Step = readonly [stream: string, event: BoardDomainEvent];

/** Some wait or were never looked at; all others failed once, and are at or beyond a second try. */
function lifeOf(lived: Lived): readonly Step[] {
  const { taskId, index } = lived;
  const isIdle = index % 50 === 8 || index % 50 === 9;
  const birth = (more: object): Step => {
    const title = `Survey folder ${index} of the archive and hand its figures on`;
    const data = { title, assignee: `worker-${index % 7}`, priority: index % 5, ...more };
    const created = { ...data, tenant: index % 2 === 0 ? 'acme' : 'internal', createdBy: 'bench' };
    return [streams.task(taskId), { type: 'TaskCreated', data: created }];
  };
  if (isIdle) {
    const kept = index % 50 === 8 ? { triage: true } : { parents: [lived.parentId ?? ''] };
    return [birth(kept), ...talk(taskId, eventsPerTask - 1)];
  }
  const [first, second] = [ids.runId(), ids.runId()];
  return [
    birth({}),
    ...talk(taskId, 1),
    ...attempt(lived, first, 1),
    ...crash(taskId, first),
    ...attempt(lived, second, 2),
    ...endOf(lived, second),
  ];
}

function talk(taskId: string, count: number): readonly Step[] {
  const data = { body: 'Mind the second shelf.', author: 'bench' };
  return Array.from({ length: count }, () => [
    streams.note(taskId),
    { type: 'CommentAdded', data },
  ]);
}

/** Claimed, opened, spawned, started, three beats. */
function attempt({ taskId, index }: Lived, runId: string, nth: number): readonly Step[] {
  const [task, run] = [streams.task(taskId), streams.run(runId)];
  const claim = { runId, attempt: nth, claimedBy: 'dispatcher-1', host: 'bench', ttlMs, policy };
  const held = { assignee: `worker-${index % 7}`, claimedBy: 'dispatcher-1', host: 'bench', ttlMs };
  const opened = { taskId, attempt: nth, kind: 'worker' as const, ...held };
  return [
    [task, { type: 'TaskClaimed', data: claim }],
    [run, { type: 'RunOpened', data: opened }],
    [run, { type: 'WorkerSpawned', data: worker(index, runId) }],
    [run, { type: 'WorkerStarted', data: { guard: 'launcher' } }],
    ...[0.2, 0.5, 0.8].map((progress): Step => [run, beat(progress)]),
  ];
}

function beat(progress: number): BoardDomainEvent {
  const data = { note: `shelf ${progress * 10} of 10`, progress, coalesced: 0 };
  return { type: 'HeartbeatRecorded', data };
}

const heartbeats = { count: 3, maxGapMs: stepMs };
const error = 'shelf 9 is locked';

function crash(taskId: string, runId: string): readonly Step[] {
  const evidence = { because: 'exit' };
  const requeued = { runId, outcome: 'crashed' as const, failures, error };
  return [
    [
      streams.run(runId),
      { type: 'RunCrashed', data: { heartbeats, evidence, exitCode: 1, error } },
    ],
    [streams.task(taskId), { type: 'TaskRequeued', data: requeued }],
  ];
}

/** Two events: at work still, in review, blocked, halted, given back, or done. */
function endOf({ taskId, index }: Lived, runId: string): readonly Step[] {
  const [task, run] = [streams.task(taskId), streams.run(runId)];
  if (index >= cardCount - runningCount) return [0.85, 0.9].map((at): Step => [run, beat(at)]);
  const [ended, concluded] = concludedBy(runId, index % 50);
  return [
    [run, ended],
    [task, concluded],
  ];
}

function concludedBy(runId: string, lot: number): readonly [BoardDomainEvent, BoardDomainEvent] {
  const handOff = { summary: 'All shelves were counted.' };
  if (lot < 2) {
    const ended = { heartbeats, ...handOff, review: true };
    return [
      { type: 'RunCompleted', data: ended },
      { type: 'ReviewRequested', data: { runId, ...handOff } },
    ];
  }
  if (lot < 4) {
    const block = { cause: 'needs_input' as const, reason: 'Who has the key of shelf 9?' };
    return [
      { type: 'RunBlocked', data: { heartbeats, ...block } },
      { type: 'TaskBlocked', data: { runId, ...block } },
    ];
  }
  if (lot < 5) {
    const evidence = { because: 'exit' };
    const limits = { failures: 2, limit: 2, limitFrom: 'policy' as const, lastError: error };
    return [
      { type: 'RunCrashed', data: { heartbeats, evidence, exitCode: 1, error } },
      { type: 'TaskHalted', data: { runId, outcome: 'crashed', ...limits } },
    ];
  }
  if (lot < 20) {
    return [
      { type: 'RunReleased', data: { heartbeats } },
      { type: 'TaskRequeued', data: { runId, outcome: 'released', failures } },
    ];
  }
  return [
    { type: 'RunCompleted', data: { heartbeats, ...handOff, review: false } },
    { type: 'TaskCompleted', data: { runId, ...handOff } },
  ];
}
