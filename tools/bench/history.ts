/** A log with a long past, made quickly: whole lives of tasks, encoded and appended in bulk. */
import type { BoardDomainEvent } from '../../src/domain/catalogue.ts';
import { streams } from '../../src/domain/catalogue.ts';
import type { EventMeta } from '../../src/domain/event.ts';
import { defaultPolicy, runPolicy } from '../../src/domain/policy.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog, NewEvent, StreamWrite } from '../../src/log/event-log.ts';
import { ids } from './parts.ts';

const policy = runPolicy(defaultPolicy);
const startMs = 1_790_000_000_000;
/** Lives written by one append. */
const livesPerAppend = 100;
/** Events of one whole life: see `life`. */
export const eventsPerLife = 10;

/** Appends the whole lives of `count` tasks, ten events each; calls back with the tasks written. */
export async function writeLives(
  log: EventLog,
  count: number,
  onProgress: (written: number) => void = () => {},
): Promise<void> {
  for (let done = 0; done < count; done += livesPerAppend) {
    const batch = Math.min(livesPerAppend, count - done);
    const lives = Array.from({ length: batch }, (_, index) => life(done + index));
    const result = await log.append(lives.flat());
    if (!result.ok) throw new Error('a life met a conflict');
    onProgress(done + batch);
  }
}

/** Appends `count` tasks that were only created; `fields` may shape each of them. */
export async function writeTasks(
  log: EventLog,
  count: number,
  fields: (index: number) => Partial<Created>,
): Promise<readonly string[]> {
  const created: string[] = [];
  for (let done = 0; done < count; done += 1_000) {
    const batch = Math.min(1_000, count - done);
    const writes = Array.from({ length: batch }, (_, index) => {
      const taskId = ids.taskId();
      created.push(taskId);
      const data = { ...birth(done + index), ...fields(done + index) };
      return write(streams.task(taskId), [[{ type: 'TaskCreated', data }, startMs]]);
    });
    const result = await log.append(writes);
    if (!result.ok) throw new Error('a task met a conflict');
  }
  return created;
}

type Created = Extract<BoardDomainEvent, { type: 'TaskCreated' }>['data'];
/** An event and when it happens, UTC ms. */
export type Dated = readonly [event: BoardDomainEvent, atMs: number];

function birth(index: number): Created {
  return {
    title: `Survey folder ${index} of the archive`,
    body: 'Count the files and hand the figures on.',
    assignee: `worker-${index % 7}`,
    priority: index % 5,
    createdBy: 'bench',
  };
}

/** Created, claimed, opened, spawned, started, three beats, completed, completed. */
function life(index: number): readonly StreamWrite[] {
  const [taskId, runId] = [ids.taskId(), ids.runId()];
  const at = startMs + index * 50;
  const claim = { runId, attempt: 1, claimedBy: 'dispatcher-1', host: 'bench', ttlMs: 900_000 };
  const opened = { taskId, attempt: 1, kind: 'worker' as const, assignee: `worker-${index % 7}` };
  const beats = { count: 3, firstAt: at + 40, lastAt: at + 60, maxGapMs: 10 };
  const handOff = { summary: `${index % 97} files counted`, metadata: { files: index % 97 } };
  return [
    write(streams.task(taskId), [
      [{ type: 'TaskCreated', data: birth(index) }, at],
      [{ type: 'TaskClaimed', data: { ...claim, policy } }, at + 10],
      [{ type: 'TaskCompleted', data: { runId, ...handOff } }, at + 70],
    ]),
    write(streams.run(runId), [
      [{ type: 'RunOpened', data: { ...opened, claimedBy: 'dispatcher-1', ttlMs: 900_000 } }, at],
      [{ type: 'WorkerSpawned', data: worker(index, runId) }, at + 20],
      [{ type: 'WorkerStarted', data: { guard: 'launcher' } }, at + 30],
      ...[40, 50, 60].map((later): Dated => [beat(later), at + later]),
      [{ type: 'RunCompleted', data: { heartbeats: beats, ...handOff, review: false } }, at + 70],
    ]),
  ];
}

function beat(later: number): BoardDomainEvent {
  const data = { note: `page ${later}`, progress: later / 100, coalesced: 0 };
  return { type: 'HeartbeatRecorded', data };
}

/** The worker of a life. */
export function worker(index: number, runId: string) {
  return {
    pid: 1_000 + (index % 30_000),
    startTime: String(index),
    bootId: 'bench',
    host: 'bench',
    nonce: runId,
    workspace: `/tmp/workspaces/${runId}`,
    logPath: `/tmp/runs/${runId}/log`,
    argv: ['make', 'survey'],
  };
}

/** The events of a whole stream, encoded; it must not exist yet. */
export function write(stream: string, events: readonly Dated[]): StreamWrite {
  return { stream, expected: 'no_stream', events: events.map(encode) };
}

/** An event as the log takes it. */
export function encode([event, at]: Dated): NewEvent {
  const commandId = ids.commandId();
  const meta: EventMeta = {
    actor: { kind: 'dispatcher', id: 'dispatcher-1' },
    surface: 'dispatcher',
    commandId,
    $correlationId: commandId,
    $causationId: commandId,
    at,
  };
  return codec.encode(ids.commandId(), event, meta);
}
