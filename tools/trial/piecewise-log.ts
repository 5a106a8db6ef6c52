/**
 * A log as a cluster has it: not atomic. The writes of one append are stored one after the other,
 * and between two of them anything may happen.
 */
import { checkWrites } from '../../src/log/check.ts';
import type { AppendResult, EventLog, StreamWrite } from '../../src/log/event-log.ts';

/** What happens between two writes of one append, of which so many are stored; may throw. */
export type Between = (stored: number) => Promise<void>;

/** The log, with appends in pieces. */
export function piecewise(log: EventLog, between: Between = async () => {}): EventLog {
  async function append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    checkWrites(writes);
    const [decision, ...others] = writes.filter(({ events }) => events.length > 0);
    if (decision === undefined) return log.append(writes);
    const guards = writes.filter(({ events }) => events.length === 0);
    const first = await log.append([decision, ...guards]);
    if (!first.ok) return first;
    const versions = new Map([decision, ...guards].map((w, i) => [w.stream, first.versions[i]!]));
    let { position, repeated } = first;
    for (const [index, write] of others.entries()) {
      await between(index + 1);
      const next = await log.append([write]);
      if (!next.ok) return { ...next, storedBefore: index + 1 };
      versions.set(write.stream, next.versions[0]!);
      position = Math.max(position, next.position);
      repeated &&= next.repeated;
    }
    return { ok: true, position, versions: writes.map((w) => versions.get(w.stream)!), repeated };
  }

  return { ...portOf(log), atomic: false, append };
}

/** The methods of a log as a plain record, so that one of them can be replaced. */
function portOf(log: EventLog): EventLog {
  return {
    epoch: log.epoch,
    atomic: log.atomic,
    append: (writes) => log.append(writes),
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    head: () => log.head(),
    hashAt: (position) => log.hashAt(position),
    hashBefore: (position) => log.hashBefore(position),
    behindMs: () => log.behindMs?.() ?? 0,
    writingRefused: () => log.writingRefused(),
    onHint: (listener) => log.onHint(listener),
    close: () => log.close(),
  };
}
