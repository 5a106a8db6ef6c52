/** Boards over one log, as several processes have them: each with its own memory and tables. */
import { onTestFinished } from 'vitest';
import { openProjections } from '../../projections/run.ts';
import { type Board, createBoard } from '../../src/app/board.ts';
import { derivedTaskId } from '../../src/app/derived-id.ts';
import type { Caller } from '../../src/app/plan.ts';
import type { BoardIds } from '../../src/app/session.ts';
import { type BoardDomainEvent, type Recorded, streams } from '../../src/domain/catalogue.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { openLate } from './late-tables.ts';
import { type MeddledLog, meddleWith } from './meddled-log.ts';

export const ada: Caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' };
export const dispatcher: Caller = {
  actor: { kind: 'dispatcher', id: 'quay' },
  surface: 'dispatcher',
};
/** The worker of a run. */
export function workerOf(runId: string): Caller {
  return { actor: { kind: 'worker', id: runId }, surface: 'sdk' };
}

/** A log and what it takes to open boards over it. */
export interface Harbour {
  readonly log: MeddledLog;
  readonly clock: FakeClock;
  /** The policy of all boards; tests may replace it. */
  policy: Policy;
  readonly board: Board;
  /** Another board over the same log, as another process would have it. */
  another(): Board;
  /** The events of one stream, or of the whole log, decoded. */
  events(stream?: string): Promise<readonly Recorded[]>;
}

/** Opens a board over a fresh log in memory, or over the one given. */
export function openHarbour(inner?: EventLog): Harbour {
  const clock = createFakeClock();
  const log = meddleWith(inner ?? createMemoryLog({ clock, epoch: 'epoch-1' }));
  const ids = createCountedIds();

  function another(): Board {
    const projections = openLate(() => openProjections({ log, timers: clock, path: ':memory:' }));
    onTestFinished(() => projections.close());
    return createBoard({ log, projections, clock, ids, policy: () => harbour.policy });
  }

  async function events(stream?: string): Promise<readonly Recorded[]> {
    const stored = await (stream === undefined ? log.readAll() : log.readStream(stream));
    return stored.map((event) => codec.decode(event));
  }

  const board = another();
  const harbour: Harbour = { log, clock, policy: defaultPolicy, board, another, events };
  return harbour;
}

/** Ids that are counted up: the same test makes the same ids. */
export function createCountedIds(): BoardIds {
  let count = 0;
  const next = (chars: number) => {
    count += 1;
    return String(count).padStart(chars, '0');
  };
  return {
    taskId: (key, round = 0) => (key === undefined ? `T-${next(10)}` : derivedTaskId(key, round)),
    runId: () => `R-${next(12)}`,
    commandId: () => `command-${next(6)}`,
  };
}

/** The answer, which must not be a refusal. */
export async function accepted<T extends { readonly refused: false }>(
  answer: Promise<T | Refusal>,
): Promise<T> {
  const given = await answer;
  if (given.refused) throw new Error(`refused as ${given.code}: ${given.message}`);
  return given;
}

/** The refusal, which must not be an answer. */
export async function refused(answer: Promise<{ readonly refused: boolean }>): Promise<Refusal> {
  const given = await answer;
  if (!given.refused) throw new Error(`accepted: ${JSON.stringify(given)}`);
  return given as Refusal;
}

/** A task that ada created, by its id. */
export async function aTask(harbour: Harbour, fields: object = {}): Promise<string> {
  const { taskId } = await accepted(
    harbour.board.as(ada).create({ title: 'Paint the hull', ...fields }),
  );
  return taskId;
}

/** A task that a run holds. */
export async function aRunningTask(
  harbour: Harbour,
  fields: object = {},
): Promise<{ taskId: string; runId: string }> {
  const taskId = await aTask(harbour, fields);
  const { runId } = await accepted(harbour.board.as(dispatcher).claim(taskId));
  return { taskId, runId };
}

/** The types of the events of a task's stream, in order. */
export async function storyOfTask(
  harbour: Harbour,
  taskId: string,
): Promise<readonly BoardDomainEvent['type'][]> {
  return (await harbour.events(streams.task(taskId))).map(({ type }) => type);
}
