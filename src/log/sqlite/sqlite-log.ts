/**
 * The embedded log: one SQLite database in the board's directory, shared by every process there.
 */
import { attempt, untilFree, type Waiting } from '../../sqlite/attempt.ts';
import { syncDirectory } from '../../sqlite/file-system.ts';
import { type OpenDatabase, openDatabase } from '../../sqlite/open.ts';
import type { Clock, Random, Timers } from '../ports.ts';
import { createSealer } from '../sealing/sealer.ts';
import { assess } from './assess.ts';
import { asLogFault } from './condition.ts';
import { openFormat } from './format.ts';
import {
  createKeyStore,
  type KeyStore,
  type KeyStoreOptions,
  type RandomBytes,
} from './key-store.ts';
import { OpenLog, type SqliteLog } from './open-log.ts';
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

/**
 * Opens the log in `directory`, creating both if need be.
 *
 * The end of the log is verified first: one that is damaged opens, but takes no appends and reads
 * only up to the damage. Rejects with `LogUnavailable` when the place or the format is not fit,
 * with `LogDamaged` when it is no database any more or is gone.
 */
export async function openSqliteLog(
  directory: string,
  deps: SqliteLogDeps,
  options: SqliteLogOptions = {},
): Promise<SqliteLog> {
  try {
    return await open(directory, deps, options);
  } catch (error) {
    throw asLogFault(error, `open the log in ${directory}`);
  }
}

async function open(
  directory: string,
  deps: SqliteLogDeps,
  { mode = 'write', create = true, trustFileSystem = false, encrypt }: SqliteLogOptions,
): Promise<SqliteLog> {
  const { clock, timers, openDatabase: openAny = openDatabase } = deps;
  const waiting = waitingOn(deps);
  const patiently = <T>(work: () => T) => untilFree(() => attempt(work), waiting, openWaitMsMax);
  const place = logPlace(directory);
  const canWrite = mode === 'write';
  const mayCreate = canWrite && create;
  const request = { path: place.database, durability: 'full', trustFileSystem } as const;

  refuseLostLog(place, mayCreate);
  const db = await patiently(() => openAny({ ...request, access: mode }));
  try {
    const fresh = { epoch: deps.newEpoch(), nowMs: clock.nowMs() };
    const meta = await patiently(() => openFormat(db, mayCreate ? fresh : undefined));
    // SQLite does this with its first commit, and takes no notice when it fails: the write-ahead
    // log would be synced, and its name might be gone after a power cut.
    if (canWrite) syncDirectory(directory);
    const condition = await patiently(() => assess(db, meta, canWrite));
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
    return new OpenLog({
      db,
      place,
      epoch,
      format,
      canWrite,
      condition,
      segments,
      sealer,
      ...machine,
    });
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
