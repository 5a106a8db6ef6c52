/**
 * Figures for monitoring, in the names and the format of Prometheus. What happened is counted as
 * the log tells it, whoever did it, from the first time somebody asks; how things stand is looked
 * up when it is asked.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Queries } from '../../projections/index.ts';
import { streamId } from '../domain/catalogue.ts';
import type { EventMeta } from '../domain/event.ts';
import { terminalOutcomes } from '../domain/run/events.ts';
import type { StoredEvent } from '../log/event-log.ts';
import type { AnsweredNews } from './answered.ts';
import type { DoorParts } from './door-parts.ts';
import type { StreamSlots } from './stream-slots.ts';

/** The figures of one door. */
export interface Metrics {
  /** All of them, as text. */
  text(): Promise<string>;
}

/** What the door itself knows. */
interface AskedDoor {
  readonly answered: AnsweredNews;
  readonly streams: StreamSlots;
}

/** Time to a claim, in seconds. */
const waitBuckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

/** Time to an answer, in seconds. */
const answerBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** Begins to count; ends with the signal. */
export function createMetrics(parts: DoorParts, door: AskedDoor, closing: AbortSignal): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  standing(parts, registry);
  asked(door, registry);
  const hear = happening(registry);
  void follow(parts, closing, hear);
  closing.addEventListener('abort', () => registry.clear());
  return { text: () => registry.metrics() };
}

/** How things stand. */
function standing({ board }: DoorParts, registry: Registry): void {
  const registers = [registry];
  gauge('appends', 'Commands of this process that stored something', () => board.tally().appends);
  gauge('conflicts', 'Races for a stream that commands of this process lost and ran again', () => {
    return board.tally().conflicts;
  });
  gauge('log_position', 'Where the log ends', async () => (await board.log.head()).position);
  gauge('projection_lag', 'How many positions the tables are behind the log', async () => {
    const { position } = await board.log.head();
    return position - board.projections.checkpoint().position;
  });
  const running = new Gauge({
    name: 'logboard_running',
    help: 'Open runs, by assignee',
    labelNames: ['assignee'],
    registers,
    async collect() {
      running.reset();
      const counts = (await board.read()).runningCounts();
      for (const [assignee, count] of Object.entries(counts)) running.set({ assignee }, count);
    },
  });
  const tasks = new Gauge({
    name: 'logboard_tasks',
    help: 'Tasks, by status',
    labelNames: ['status'],
    registers,
    async collect() {
      tasks.reset();
      const { byStatus } = (await board.read()).stats(board.nowMs());
      for (const [status, count] of Object.entries(byStatus)) tasks.set({ status }, count);
    },
  });

  function gauge(name: string, help: string, value: () => number | Promise<number>): void {
    const made: Gauge = new Gauge({
      name: `logboard_${name}`,
      help,
      registers,
      collect: async () => made.set(await value()),
    });
  }
}

/** What the door is asked. Routes are those of the table, so that there is an end to the labels. */
function asked({ answered, streams }: AskedDoor, registry: Registry): void {
  const registers = [registry];
  const requests = new Counter({
    name: 'logboard_http_requests_total',
    help: 'Requests that were answered, by route and class of status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const took = new Histogram({
    name: 'logboard_http_request_seconds',
    help: 'How long it took until an answer began',
    labelNames: ['method', 'route'],
    buckets: answerBuckets,
    registers,
  });
  const open: Gauge = new Gauge({
    name: 'logboard_http_streams',
    help: 'Streams that are open',
    registers,
    collect: () => open.set(streams.open()),
  });
  answered.listen(({ method, route, status, ms }) => {
    requests.inc({ method, route, status: `${Math.floor(status / 100)}xx` });
    took.observe({ method, route }, ms / 1_000);
  });
}

const outcomes: ReadonlyMap<string, string> = new Map(Object.entries(terminalOutcomes));

type Hear = (event: StoredEvent, queries: Queries) => void;

/** What happens. */
function happening(registry: Registry): Hear {
  const registers = [registry];
  const events = new Counter({
    name: 'logboard_events_total',
    help: 'Events of the log, by type',
    labelNames: ['type'],
    registers,
  });
  const stale = new Counter({
    name: 'logboard_stale_writes_refused_total',
    help: 'Writes of workers whose run was over or had been taken over',
    registers,
  });
  const ended = new Counter({
    name: 'logboard_runs_ended_total',
    help: 'Runs that ended, by outcome and by who ended them',
    labelNames: ['outcome', 'by'],
    registers,
  });
  const waited = new Histogram({
    name: 'logboard_claim_wait_seconds',
    help: 'How long tasks were ready before they were claimed',
    buckets: waitBuckets,
    registers,
  });

  return ({ type, meta, stream, position }, queries) => {
    const { actor, at } = JSON.parse(meta) as EventMeta;
    events.inc({ type });
    if (type === 'WriteRefused') stale.inc();
    const outcome = outcomes.get(type);
    if (outcome !== undefined) ended.inc({ outcome, by: actor.kind });
    if (type === 'TaskClaimed') {
      const sinceMs = readySinceMs(queries, streamId(stream), position);
      if (sinceMs !== undefined) waited.observe(Math.max(0, at - sinceMs) / 1_000);
    }
  };
}

/** What can make a task ready. */
const readying = [
  ...['TaskCreated', 'became_ready', 'TaskSpecified', 'TaskUnblocked', 'TaskResumed'],
  ...['TaskRequeued', 'TaskReopened', 'TaskRestored', 'TaskPromoted', 'TaskScheduled'],
  'ReviewRejected',
];

/** Since when a task had been ready before a position, UTC ms. */
function readySinceMs(queries: Queries, taskId: string, beforePosition: number) {
  const wanted = { taskId, kinds: readying, beforePosition, newestFirst: true, limit: 1 };
  const [last] = queries.timeline(wanted);
  if (last === undefined) return undefined;
  const { notBeforeMs } = last.data;
  return Math.max(last.atMs, typeof notBeforeMs === 'number' ? notBeforeMs : 0);
}

async function follow(parts: DoorParts, closing: AbortSignal, hear: Hear): Promise<void> {
  const { board, onFault } = parts;
  try {
    const { position } = await board.log.head();
    for await (const page of parts.follow(position, closing)) {
      await board.projections.waitFor(page.at(-1)?.position ?? position);
      const { queries } = board.projections;
      for (const event of page) hear(event, queries);
    }
  } catch (fault) {
    if (!closing.aborted) onFault(fault);
  }
}
