/** Archives closed tasks of a log into segment files, beside everybody who writes to it. */
import { basename } from 'node:path';
import { findClosed } from '../app/closed.ts';
import type { ArchiveReport, Tell, ThinWanted } from '../cli/upkeep.ts';
import type { EventMeta } from '../domain/event.ts';
import { codec } from '../log/codec.ts';
import type { Archived, Archiving } from '../log/sqlite/archive.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';

/** Archives what can be archived, or only says what that would be. */
export async function archiveLog(
  log: SqliteLog,
  { endedBeforeMs, dryRun, caller, nowMs }: ThinWanted,
  newId: () => string,
  tell: Tell,
): Promise<ArchiveReport> {
  const { position: total } = await log.head();
  const closed = await findClosed(
    { log, codec },
    { beforeMs: endedBeforeMs, onProgress: (done) => tell('looking', { done, total }) },
  );
  const wanted = { isClosed: closed.has, upTo: closed.upTo };
  if (dryRun) {
    const { ranges, leaving } = await log.planArchive(wanted);
    return reportOf({ segments: ranges.map((range) => ({ ...range, file: null })), leaving });
  }
  const commandId = newId();
  const cause = { commandId, $correlationId: commandId, $causationId: commandId };
  const meta: EventMeta = { ...caller, ...cause, at: nowMs };
  const attest: Archiving['attest'] = (data) =>
    codec.encode(newId(), { type: 'LogSegmented', data }, meta);
  const onProgress: Archiving['onProgress'] = (stage, done, of) => tell(stage, { done, total: of });
  const { segments, left } = await log.archive({ ...wanted, attest, onProgress });
  return reportOf({ segments, leaving: left });
}

interface Said {
  readonly segments: readonly {
    readonly file: string | null;
    readonly from: number;
    readonly upTo: number;
    readonly events?: number;
    readonly bytes?: number;
  }[];
  readonly leaving: Archived['left'];
}

function reportOf({ segments, leaving }: Said): ArchiveReport {
  const tasks = [...leaving.streams].filter((stream) => stream.startsWith('task-')).length;
  const { events, bytes } = leaving;
  return {
    tasks,
    events,
    bytes,
    segments: segments.map(({ file, from, upTo, events: held, bytes: size }) => ({
      file: file === null ? null : `segments/${basename(file)}`,
      from,
      upTo,
      events: held ?? null,
      bytes: size ?? null,
    })),
  };
}
