/** Opening the files of a log: what an embedded log and a replica have in common. */
import { attempt, untilFree, type Waiting } from '../../sqlite/attempt.ts';
import { syncDirectory } from '../../sqlite/file-system.ts';
import { type OpenDatabase, type OpenRequest, openDatabase } from '../../sqlite/open.ts';
import type { Clock, Random, Timers } from '../ports.ts';
import { createSealer } from '../sealing/sealer.ts';
import { assess } from './assess.ts';
import { openFormat } from './format.ts';
import {
  createKeyStore,
  type KeyStore,
  type KeyStoreOptions,
  type RandomBytes,
} from './key-store.ts';
import type { Opened } from './opened.ts';
import { logPlace, refuseLostLog } from './place.ts';
import { Segments } from './segments.ts';

/** What an embedded log works with. */
export interface SqliteLogDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** A random id that was never used before. */
  newEpoch(): string;
  /** Default: `openDatabase`. */
  readonly openDatabase?: OpenDatabase;
  /** Makes keys for the text of tasks; without it encrypted text cannot be read or written. */
  readonly randomBytes?: RandomBytes;
}

/** How to open it. */
export interface SqliteLogOptions {
  /** `read` creates nothing and takes no appends. Default `write`. */
  readonly mode?: 'write' | 'read';
  /** Whether a log may be created where there is none; only for `write`. Default true. */
  readonly create?: boolean;
  /** The operator vouches for the locks of a file system that would be refused. Default false. */
  readonly trustFileSystem?: boolean;
  /**
   * Whether the text of tasks that are created from now on is encrypted; only for `write`. The
   * board remembers it. Default: what it remembers.
   */
  readonly encrypt?: boolean | undefined;
}

/** How long opening waits for others who create, recover or close the same log. */
const openWaitMsMax = 10_000;

/** How to open the files of a log, whatever it is for. */
export interface PartsOptions extends SqliteLogOptions {
  /** `normal` is enough for what can be fetched again. Default `full`. */
  readonly durability?: OpenRequest['durability'];
  /** A log that is gone may be made again, since it was a copy. Default false. */
  readonly isCopy?: boolean;
}

/** Opens the files of a log and looks at them: what an `OpenLog` is made of. */
export async function openParts(
  directory: string,
  deps: SqliteLogDeps,
  options: PartsOptions,
): Promise<Opened> {
  const { mode = 'write', create = true, trustFileSystem = false, encrypt } = options;
  const { clock, timers, openDatabase: openAny = openDatabase } = deps;
  const waiting = waitingOn(deps);
  const patiently = <T>(work: () => T) => untilFree(() => attempt(work), waiting, openWaitMsMax);
  const place = logPlace(directory);
  const canWrite = mode === 'write';
  const mayCreate = canWrite && create;
  const { durability = 'full', isCopy = false } = options;
  const request = { path: place.database, durability, trustFileSystem } as const;

  if (!isCopy) refuseLostLog(place, mayCreate);
  const db = await patiently(() => openAny({ ...request, access: mode }));
  try {
    const fresh = { epoch: deps.newEpoch(), nowMs: clock.nowMs() };
    const meta = await patiently(() => openFormat(db, mayCreate ? fresh : undefined));
    // SQLite does this with its first commit, and takes no notice when it fails: the write-ahead
    // log would be synced, and its name might be gone after a power cut.
    if (canWrite) syncDirectory(directory);
    const condition = await patiently(() => assess(db, meta, { canWrite, isCopy }));
    const openAnother = () => openAny({ ...request, access: 'read' });
    const openWriter = () => openAny({ ...request, access: 'write' });
    const openCopy = (path: string) => openAny({ ...request, path, access: 'copy' });
    const openSegment = (path: string) => openAny({ ...request, path, access: 'read' });
    const segments = new Segments(db, directory, openSegment);
    const { epoch } = meta;
    const format = () => openFormat(db).format;
    const keys = keysOf(directory, deps, { mode, trustFileSystem });
    if (canWrite && encrypt !== undefined) await keys?.sealNewTasks(encrypt);
    const sealer = keys && createSealer(keys);
    const machine = { waiting, clock, timers, openAnother, openWriter, openSegment, openCopy };
    return { db, place, epoch, format, canWrite, condition, segments, sealer, ...machine };
  } catch (error) {
    db.close();
    throw error;
  }
}

function keysOf(
  directory: string,
  { randomBytes, ...deps }: SqliteLogDeps,
  options: KeyStoreOptions,
): KeyStore | undefined {
  if (randomBytes === undefined) return undefined;
  const machine = { waiting: waitingOn(deps), timers: deps.timers, randomBytes };
  return createKeyStore(directory, machine, options);
}

/** How to wait for others, with these clocks and this chance. */
export function waitingOn({
  clock,
  timers,
  random,
}: Pick<SqliteLogDeps, 'clock' | 'timers' | 'random'>): Waiting {
  return {
    monoMs: () => clock.monoMs(),
    pause: (ms) => new Promise((resolve) => timers.after(ms, resolve)),
    random,
  };
}
