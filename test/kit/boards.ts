/** Boards over one log, as several processes have them: each with its own memory and tables. */
import { onTestFinished } from 'vitest';
import { openProjections } from '../../projections/run.ts';
import { type Board, createBoard } from '../../src/app/board.ts';
import type { BoardIds } from '../../src/app/session.ts';
import { type BoardDomainEvent, type Recorded, streams } from '../../src/domain/catalogue.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { accepted, ada, dispatcher } from './callers.ts';
import { createCountedIds } from './counted-ids.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { openLate } from './late-tables.ts';
import { type MeddledLog, meddleWith } from './meddled-log.ts';

/** A log in memory and what it takes to open boards over it. */
export interface Harbour {
  readonly log: MeddledLog;
  readonly clock: FakeClock;
  readonly board: Board;
  /** Another board over the same log, as another process would have it. */
  another(): Board;
  /** The events of one stream, or of the whole log, decoded. */
  events(stream?: string): Promise<readonly Recorded[]>;
}

/** Opens a board over a fresh log, as it is or as `wrap` has it. */
export function openHarbour(
  ids: BoardIds = createCountedIds(),
  wrap: (log: EventLog) => EventLog = (log) => log,
): Harbour {
  const clock = createFakeClock();
  const log = meddleWith(wrap(createMemoryLog({ clock, epoch: 'epoch-1' })));

  function another(): Board {
    const projections = openLate(() => openProjections({ log, timers: clock, path: ':memory:' }));
    onTestFinished(() => projections.close());
    return createBoard({ log, projections, clock, ids });
  }

  async function events(stream?: string): Promise<readonly Recorded[]> {
    const stored = await (stream === undefined ? log.readAll() : log.readStream(stream));
    return stored.map((event) => codec.decode(event));
  }

  return { log, clock, board: another(), another, events };
}

/** A task that ada created, by its id. */
export async function aTask(harbour: Harbour, fields: object = {}): Promise<string> {
  const task = { title: 'Paint the hull', ...fields };
  return (await accepted(harbour.board.as(ada).create(task))).taskId;
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
