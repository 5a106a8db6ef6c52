/** Makes all tables anew while the old ones serve, and tells whether they come out the same. */
import { codec as boardCodec, type Codec } from '../src/log/codec.ts';
import type { EventLog, Position } from '../src/log/event-log.ts';
import type { Timers } from '../src/log/ports.ts';
import type { BuildParts, Progress } from './build.ts';
import { withBuildLock } from './build-lock.ts';
import { createTableFiles, type TableFiles } from './file.ts';
import { buildFile, replaceCurrent } from './keep.ts';
import { type Verification, verifyCurrent } from './verify.ts';

/** What to rebuild or verify. */
export interface RebuildOptions {
  readonly log: EventLog;
  readonly timers: Timers;
  /** The directory of the tables. */
  readonly path: string;
  /** The operator vouches for the locks of the file system. Default false. */
  readonly trustFileSystem?: boolean;
  /** Default: the codec of the board's catalogue. */
  readonly codec?: Codec;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Removes the tables of other versions of the program, in use or not: what they say must not be
   * said any more. Default false.
   */
  readonly removeOthers?: boolean;
}

/**
 * Builds new tables from the whole log and puts them in the place of the old. Whoever has the old
 * ones open moves to the new ones when it next catches up. Resolves with the position reached.
 * Rejects with `UnreadableEvent` or `ProjectionStopped`, and changes nothing, when an event cannot
 * be folded.
 */
export async function rebuild(options: RebuildOptions): Promise<Position> {
  const { files, parts } = placeOf(options);
  return withBuildLock(files.lock, parts, async () => {
    const { position } = await parts.log.head();
    const path = await buildFile(files, parts, { onProgress: options.onProgress, upTo: position });
    await replaceCurrent(files, path, parts);
    if (options.removeOthers) for (const other of files.others()) files.remove(other);
    return position;
  });
}

/** Builds new tables up to where the present ones are, compares, and throws them away. */
export async function verify(options: RebuildOptions): Promise<Verification> {
  const { files, parts } = placeOf(options);
  return withBuildLock(files.lock, parts, () => verifyCurrent(files, parts, options));
}

function placeOf(options: RebuildOptions): { files: TableFiles; parts: BuildParts } {
  const { log, timers, path, codec = boardCodec, trustFileSystem = false } = options;
  return { files: createTableFiles(path), parts: { log, timers, codec, trustFileSystem } };
}
