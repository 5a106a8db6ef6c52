/** A history to fold: events on their streams, by somebody, one second after another. */
import type { BoardEvent } from '../../src/domain/board/events.ts';
import { type BoardDomainEvent, type Recorded, streams } from '../../src/domain/catalogue.ts';
import type { DispatcherEvent } from '../../src/domain/dispatcher/events.ts';
import type { Actor, EventMeta, Surface } from '../../src/domain/event.ts';
import type { RefusedEvent } from '../../src/domain/refused/events.ts';
import type { RunEvent } from '../../src/domain/run/events.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog, Position } from '../../src/log/event-log.ts';
import { runId, taskId } from './a-task.ts';
import { storyAtMs } from './given.ts';

/** An event that happened on a stream. */
export interface Line {
  readonly stream: string;
  readonly event: BoardDomainEvent;
  readonly by: Actor;
  readonly surface: Surface;
  /** Default: one second after the line before. */
  readonly atMs?: number;
}

const person = { by: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;
const machine = { by: { kind: 'dispatcher', id: 'quay' }, surface: 'dispatcher' } as const;

/** Something ada did to a task. */
export function onTask(event: TaskEvent, id: string = taskId): Line {
  return { stream: streams.task(id), event, ...person };
}

/** Something that happened to a run, as the dispatcher saw it. */
export function onRun(event: RunEvent, id: string = runId): Line {
  return { stream: streams.run(id), event, ...machine };
}

/** A comment by ada. */
export function comment(body: string, id: string = taskId): Line {
  const event = { type: 'CommentAdded', data: { body, author: 'ada' } } as const;
  return { stream: streams.note(id), event, ...person };
}

/** Something ada did to the board. */
export function onBoard(event: BoardEvent): Line {
  return { stream: streams.board, event, ...person };
}

/** A dispatcher coming or going. */
export function onDispatcher(event: DispatcherEvent, id = 'quay'): Line {
  return { stream: streams.dispatcher(id), event, ...machine };
}

/** A stale write that was refused. */
export function onRefused(event: RefusedEvent, id: string = taskId): Line {
  return { stream: streams.refused(id), event, ...machine };
}

/** The line at another time. */
export function atTime(atMs: number, line: Line): Line {
  return { ...line, atMs };
}

/** The line by the dispatcher instead of ada. */
export function byMachine(line: Line): Line {
  return { ...line, ...machine };
}

/** When the n-th line of a history happens, counted from 1, UTC ms. */
export function lineAtMs(n: number): number {
  return storyAtMs + n * 1_000;
}

/** The lines as a log gives them back. */
export function recorded(lines: readonly Line[]): readonly Recorded[] {
  const versions = new Map<string, number>();
  return lines.map((line, index) => {
    const { stream, event } = line;
    const version = (versions.get(stream) ?? -1) + 1;
    versions.set(stream, version);
    const position = index + 1;
    const meta = metaOf(line, position);
    return { ...event, id: `event-${position}`, stream, version, position, meta };
  });
}

/** Appends the lines to a log, each in a commit of its own; resolves with the last position. */
export async function append(log: EventLog, lines: readonly Line[]): Promise<Position> {
  let { position } = await log.head();
  for (const line of lines) {
    const id = crypto.randomUUID();
    const event = codec.encode(id, line.event, metaOf(line, position + 1));
    const stored = await log.append([{ stream: line.stream, expected: 'any', events: [event] }]);
    if (!stored.ok) throw new Error(`not appended to ${line.stream}`);
    position = stored.position;
  }
  return position;
}

/** The envelope of the n-th line. */
export function metaOf(
  { by, surface, atMs }: Omit<Line, 'stream' | 'event'>,
  n: number,
): EventMeta {
  const commandId = `command-${n}`;
  return {
    actor: by,
    surface,
    commandId,
    $correlationId: commandId,
    $causationId: commandId,
    at: atMs ?? lineAtMs(n),
  };
}
