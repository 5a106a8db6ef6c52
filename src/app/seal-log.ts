/** Seals a log: writes the hash that it had at a position into it, if that is due. */
import type { BoardEvent } from '../domain/board/events.ts';
import { isSealDue, type Sealed } from '../domain/board/seal.ts';
import { streams } from '../domain/catalogue.ts';
import type { EventLog, Position, StoredEvent, Version } from '../log/event-log.ts';

/** The hash (hex) that a log has at a position. */
export interface Seal {
  readonly upTo: Position;
  readonly digest: string;
}

/** Events of the board's stream that are looked through at a time for the last seal. */
const pageSize = 50;

/**
 * The write that seals a log, at the version of the board's stream that it was decided on, so that
 * of several who want to only one does. Undefined while no seal is due.
 */
export async function sealWrite(
  log: Pick<EventLog, 'readStream'>,
  { upTo, digest }: Seal,
  nowMs: number,
) {
  const found = await lastSeal(log);
  if (found === undefined || !isSealDue(found.sealed, { upTo, atMs: nowMs })) return undefined;
  const event: BoardEvent = { type: 'LogSealed', data: { upTo, digest } };
  return { stream: streams.board, expected: found.version, events: [event] };
}

/** The last seal, or the board's beginning; undefined where there is no board. */
async function lastSeal(
  log: Pick<EventLog, 'readStream'>,
): Promise<{ readonly version: Version; readonly sealed: Sealed } | undefined> {
  let version: Version | undefined;
  for (let from: Version | undefined; ; ) {
    const start = from === undefined ? {} : { from };
    const wanted = { direction: 'backward', limit: pageSize, ...start } as const;
    const page = await log.readStream(streams.board, wanted);
    version ??= page[0]?.version;
    const last = page.at(-1);
    if (version === undefined || last === undefined) return undefined;
    const seal = page.find(({ type }) => type === 'LogSealed');
    if (seal !== undefined) return { version, sealed: sealedBy(seal) };
    if (last.version === 0) return { version, sealed: { upTo: 0, atMs: last.recordedAtMs } };
    from = last.version - 1;
  }
}

function sealedBy({ data, recordedAtMs }: StoredEvent): Sealed {
  const { upTo } = JSON.parse(data) as Seal;
  return { upTo, atMs: recordedAtMs };
}
