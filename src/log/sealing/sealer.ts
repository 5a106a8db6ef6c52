/**
 * Seals what is appended and opens what is read, so that nobody above the log knows of it.
 *
 * A task is sealed from its first event or not at all: its key is made just before it is created,
 * and whatever is written about a task that has a key is sealed with it, whoever writes it.
 */
import { streamId, streams } from '../../domain/catalogue.ts';
import { type PersonalFields, personalFields } from '../../domain/personal.ts';
import type { NewEvent, StoredEvent, StreamWrite } from '../event-log.ts';
import { isSealed, openEvent, sealEvent } from './envelope.ts';
import { KeyMissing, type Keyring } from './keyring.ts';

/** What sealing has to know of the log it is for. */
export interface SealedLog {
  /** The first event of a stream, as it is stored; undefined when there is none. */
  firstOf(stream: string): Promise<StoredEvent | undefined>;
  /** Repeats a read of keys while their store is busy. */
  patiently<T>(read: () => T): Promise<T>;
}

/** Seals and opens. */
export interface Sealer {
  /** The writes with the text in them sealed. Rejects with `KeyMissing` when a key was lost. */
  seal(
    writes: readonly StreamWrite[],
    log: SealedLog,
  ): readonly StreamWrite[] | Promise<readonly StreamWrite[]>;
  /** The events as they were before. Throws `KeyMissing`, or a fault of kind `busy`: try again. */
  open(events: readonly StoredEvent[]): readonly StoredEvent[];
  close(): void;
}

/** Runs whose task is remembered: those that beat are few. */
const runsMax = 10_000;

/** The sealer over these keys. */
export function createSealer(keyring: Keyring): Sealer {
  const taskOfRun = new Map<string, string>();
  /** Runs of tasks in plain text, as far as that had to be known where there are no keys. */
  const plainRuns = new Set<string>();

  function seal(writes: readonly StreamWrite[], log: SealedLog) {
    return keyring.exists() ? sealAll(writes, log) : passOn(writes, log);
  }

  async function sealAll(writes: readonly StreamWrite[], log: SealedLog) {
    await makeKeysFor(writes, log);
    return Promise.all(writes.map((write) => sealWrite(write, log)));
  }

  /** At no cost to boards that never encrypted anything, which are most. */
  function passOn(writes: readonly StreamWrite[], log: SealedLog) {
    let doubtful: StreamWrite[] | undefined;
    for (const write of writes) {
      const { stream, expected, events } = write;
      // Whoever opens a run has read its task; and where there is no stream, there is no run.
      if (events[0]?.type === 'RunOpened') addTo(plainRuns, stream);
      else if (expected === 'no_stream') continue;
      else if (events.some(isBlind) && !plainRuns.has(stream)) {
        doubtful ??= [];
        doubtful.push(write);
      }
    }
    if (doubtful === undefined) return writes;
    return Promise.all(doubtful.map((write) => refuseIfSealed(write, log))).then(() => writes);
  }

  async function makeKeysFor(writes: readonly StreamWrite[], log: SealedLog): Promise<void> {
    const created = writes.filter(({ events }) => events[0]?.type === 'TaskCreated');
    if (created.length === 0 || !(await log.patiently(keyring.sealsNewTasks))) return;
    // A task that is there already was created in plain text, and stays so; or it is a repeat.
    const first = await Promise.all(created.map(({ stream }) => log.firstOf(stream)));
    const fresh = created.filter((_, index) => first[index] === undefined);
    if (fresh.length > 0) await keyring.makeKeys(fresh.map(({ stream }) => streamId(stream)));
  }

  async function sealWrite(write: StreamWrite, log: SealedLog): Promise<StreamWrite> {
    if (!write.events.some((event) => hasPersonalFields(event.type))) return write;
    const taskId = await taskOf(write, log);
    if (taskId === undefined) return write;
    const key = await keyFor(taskId, log);
    if (key === undefined) return write;
    return { ...write, events: write.events.map((each) => sealOne(each, write.stream, key)) };
  }

  async function keyFor(taskId: string, log: SealedLog) {
    const found = await log.patiently(() => keyring.keyOf(taskId));
    if (found.is === 'held') return { taskId, key: found.key };
    // Nobody can read it any more; but never is it written in plain text either.
    if (found.is === 'forgotten') return { taskId, key: undefined };
    const created = await log.firstOf(streams.task(taskId));
    if (created !== undefined && isSealed(created)) throw new KeyMissing(taskId);
    return undefined;
  }

  /** Keys that were lost show when a task is read; some events are written without reading it. */
  async function refuseIfSealed(write: StreamWrite, log: SealedLog): Promise<void> {
    const taskId = await taskOf(write, log);
    const created = taskId === undefined ? undefined : await log.firstOf(streams.task(taskId));
    if (taskId !== undefined && created !== undefined && isSealed(created)) {
      throw new KeyMissing(taskId);
    }
    addTo(plainRuns, write.stream);
  }

  /** The task that a stream tells about; undefined for streams that are about none. */
  async function taskOf({ stream, events }: StreamWrite, log: SealedLog) {
    const id = streamId(stream);
    if (stream !== streams.run(id)) return id;
    const known = taskOfRun.get(id);
    if (known !== undefined) return known;
    const opened = events[0]?.type === 'RunOpened' ? events[0] : await log.firstOf(stream);
    const taskId = opened && (JSON.parse(opened.data) as { taskId: string }).taskId;
    if (taskId === undefined) return undefined;
    if (taskOfRun.size >= runsMax) taskOfRun.clear();
    taskOfRun.set(id, taskId);
    return taskId;
  }

  function open(events: readonly StoredEvent[]): readonly StoredEvent[] {
    if (!events.some(isSealed)) return events;
    const keys = new Map<string, Buffer | undefined>();
    const keyOf = (taskId: string) => {
      if (!keys.has(taskId)) keys.set(taskId, keyOrForgotten(taskId));
      return keys.get(taskId);
    };
    return events.map((event) => (isSealed(event) ? openEvent(event, keyOf) : event));
  }

  function keyOrForgotten(taskId: string): Buffer | undefined {
    const found = keyring.keyOf(taskId);
    if (found.is === 'none') throw new KeyMissing(taskId);
    return found.is === 'held' ? found.key : undefined;
  }

  return { seal, open, close: keyring.close };
}

/** Written to a run's stream with no look at its task. */
function isBlind({ type }: NewEvent): boolean {
  return type === 'HeartbeatRecorded' || type === 'UsageRecorded';
}

function addTo(runs: Set<string>, stream: string): void {
  if (runs.size >= runsMax) runs.clear();
  runs.add(stream);
}

function sealOne(
  event: NewEvent,
  stream: string,
  { taskId, key }: { taskId: string; key: Buffer | undefined },
): NewEvent {
  const fields = fieldsOf(event.type);
  return sealEvent(event, stream, { fields, taskId, key });
}

function fieldsOf(type: string): PersonalFields {
  return Object.hasOwn(personalFields, type)
    ? personalFields[type as keyof typeof personalFields]
    : {};
}

function hasPersonalFields(type: string): boolean {
  return Object.keys(fieldsOf(type)).length > 0;
}
