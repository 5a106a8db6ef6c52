/** Bugs between the program and the log: versions, guards, answers, atomicity. */
import {
  type AppendResult,
  type EventLog,
  LogUnavailable,
  type NewEvent,
  type StreamWrite,
} from '../../../src/log/event-log.ts';
import type { Bug } from '../bug.ts';

type Writes = readonly StreamWrite[];
type Append = (writes: Writes) => Promise<AppendResult>;

/** All of them. */
export const logBugs: readonly Bug[] = [
  {
    name: 'no_expected_version',
    what: 'Appends ignore the version they were decided on.',
    log: (line) => rewriting(line, (writes) => withData(writes).map(unconditional)),
  },
  {
    name: 'no_version_on_runs',
    what: 'Appends to runs ignore the version they were decided on.',
    log: (line) =>
      rewriting(line, (writes) =>
        writes.map((write) => (isRun(write) ? unconditional(write) : write)),
      ),
  },
  {
    name: 'no_version_on_tasks',
    what: 'Appends to tasks ignore the version they were decided on.',
    log: (line) =>
      rewriting(line, (writes) =>
        withData(writes).map((write) => (isRun(write) ? write : unconditional(write))),
      ),
  },
  {
    name: 'parents_not_pinned',
    what: 'A claim does not hold on to the parents it has seen.',
    log: (line) => rewriting(line, withData),
  },
  {
    name: 'unknown_is_success',
    what: 'An append without an answer is taken for stored.',
    log: (line) =>
      whenUnknown(line, (writes) => {
        const versions = writes.map(versionAfter);
        return { ok: true, position: 0, versions, repeated: false };
      }),
  },
  {
    name: 'unknown_is_failure',
    what: 'An append without an answer is taken for failed.',
    log: (line) =>
      whenUnknown(line, (_writes, _append, fault) => {
        throw plainly(fault);
      }),
  },
  {
    name: 'repeats_with_new_ids',
    what: 'An append without an answer is repeated as if it were another one.',
    log: (line) =>
      whenUnknown(line, (writes, append) => append(writes.map(renamed).map(unconditional))),
  },
  {
    name: 'half_an_append',
    what: 'The end of a run is stored without what it means for the task.',
    log: (line) =>
      rewriting(line, (writes) =>
        writes.some(isEnding) ? writes.filter((write) => isRun(write)) : writes,
      ),
  },
  {
    name: 'failures_forgotten',
    what: 'The count of failures begins anew with every attempt.',
    log: (line) => editing(line, 'TaskRequeued', (data) => ({ ...data, failures: 0 })),
  },
  {
    name: 'claims_without_a_token',
    what: 'A run does not remember the hash of its token.',
    log: (line) => editing(line, 'RunOpened', ({ tokenHash: _tokenHash, ...data }) => data),
  },
  {
    name: 'runs_open_unclaimed',
    what: 'A run is opened in an append of its own, before the claim is decided.',
    log: (line) =>
      answering(line, (append) => async (writes) => {
        const [claim, open, ...guards] = writes;
        if (open?.events[0]?.type !== 'RunOpened' || claim === undefined) return append(writes);
        await append([open]);
        return append([claim, ...guards]);
      }),
  },
];

function isRun({ stream }: StreamWrite): boolean {
  return stream.startsWith('run-');
}

function isEnding({ stream, events }: StreamWrite): boolean {
  const isTerminal = events.some(({ data }) => 'heartbeats' in (JSON.parse(data) as object));
  return stream.startsWith('run-') && isTerminal;
}

function withData(writes: Writes): Writes {
  return writes.filter(({ events }) => events.length > 0);
}

function unconditional(write: StreamWrite): StreamWrite {
  return { ...write, expected: 'any' };
}

function versionAfter({ expected, events }: StreamWrite): number {
  return (typeof expected === 'number' ? expected : -1) + events.length;
}

function renamed(write: StreamWrite): StreamWrite {
  const events = write.events.map((event) => ({ ...event, id: flipped(event.id) }));
  return { ...write, events };
}

/** Another UUID, and the same one for the same. */
function flipped(id: string): string {
  return [...id]
    .toReversed()
    .join('')
    .replace(/^(.{8})-?(.*)$/, '$1$2')
    .padEnd(36, '0');
}

/** What is done when the answer of an append got lost. */
type Otherwise = (
  writes: Writes,
  append: Append,
  fault: LogUnavailable,
) => AppendResult | Promise<AppendResult>;

function whenUnknown(line: EventLog, otherwise: Otherwise): EventLog {
  return answering(line, (append) => async (writes) => {
    try {
      return await append(writes);
    } catch (fault) {
      const isUnknown = fault instanceof LogUnavailable && fault.outcomeUnknown;
      if (!isUnknown) throw fault;
      return otherwise(writes, append, fault);
    }
  });
}

function plainly({ message, code, hint, retryable }: LogUnavailable): LogUnavailable {
  return new LogUnavailable(message, { code, hint, retryable });
}

function answering(line: EventLog, wrap: (append: Append) => Append): EventLog {
  return { ...line, append: wrap(line.append) };
}

function rewriting(line: EventLog, rewrite: (writes: Writes) => Writes): EventLog {
  return answering(line, (append) => async (writes) => {
    const rewritten = rewrite(writes);
    const result = await append(rewritten);
    return result.ok
      ? { ...result, versions: versionsOf(writes, rewritten, result.versions) }
      : result;
  });
}

/** The versions of the writes that were wanted, in their order. */
function versionsOf(wanted: Writes, done: Writes, versions: readonly number[]): readonly number[] {
  return wanted.map((write) => {
    const index = done.findIndex(({ stream }) => stream === write.stream);
    return versions[index] ?? versionAfter(write);
  });
}

function editing(
  line: EventLog,
  type: string,
  edit: (data: Record<string, unknown>) => object,
): EventLog {
  const edited = (event: NewEvent): NewEvent => {
    if (event.type !== type) return event;
    return {
      ...event,
      data: JSON.stringify(edit(JSON.parse(event.data) as Record<string, unknown>)),
    };
  };
  return rewriting(line, (writes) =>
    writes.map((write) => ({ ...write, events: write.events.map(edited) })),
  );
}
