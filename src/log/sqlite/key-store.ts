/**
 * The keys of a board's tasks, in a database of their own, `keys.db`: what is destroyed here is
 * unreadable in the log, in every copy of the log, and in what was copied before.
 *
 * It says for itself which tasks were forgotten. A key that is merely not there was lost.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { attempt, untilFree, type Waiting } from '../../sqlite/attempt.ts';
import { DatabaseFault } from '../../sqlite/faults.ts';
import { openDatabase } from '../../sqlite/open.ts';
import { createTransactions, type Transactions } from '../../sqlite/transaction.ts';
import { LogUnavailable } from '../event-log.ts';
import type { Timers } from '../ports.ts';
import { keyBytes } from '../sealing/box.ts';
import type { Keyring, KeyState } from '../sealing/keyring.ts';

/** How far the forgetting of a task has come. */
export interface Forgetting {
  readonly taskId: string;
  readonly beganAtMs: number;
  /** When the key was destroyed; null while it is still there. */
  readonly destroyedAtMs: number | null;
  /** When the last copy of the text was removed; null until then. */
  readonly finishedAtMs: number | null;
}

/** What there is in a store. */
export interface KeyCounts {
  readonly held: number;
  readonly forgotten: number;
}

/** The keys of one board. */
export interface KeyStore extends Keyring {
  /** Decides about tasks to come; makes the store when they are the first to be sealed. */
  sealNewTasks(seal: boolean): Promise<void>;
  counts(): KeyCounts;
  /** Writes down that a task is to be forgotten. */
  beginForgetting(taskId: string, nowMs: number): Promise<void>;
  /** Takes that back; only while the key is there. */
  cancelForgetting(taskId: string): Promise<void>;
  /** Destroys the key: its bytes are in no file of the store once this resolves. */
  destroyKey(taskId: string, nowMs: number): Promise<void>;
  finishForgetting(taskId: string, nowMs: number): Promise<void>;
  /** What was begun, in order of the ids. */
  forgettings(): readonly Forgetting[];
}

/** `size` bytes that nobody can guess. */
export type RandomBytes = (size: number) => Uint8Array;

/** What a store takes from the machine. */
export interface KeyStoreDeps {
  readonly waiting: Waiting;
  readonly timers: Timers;
  readonly randomBytes: RandomBytes;
}

/** How to open it. */
export interface KeyStoreOptions {
  /** `read` creates and changes nothing. */
  readonly mode: 'read' | 'write';
  readonly trustFileSystem?: boolean;
}

/** Where the keys of the board in `directory` are. */
export function keyStorePath(directory: string): string {
  return join(directory, 'keys.db');
}

/** The format of the store, kept where SQLite keeps a number for its users. */
const format = 1;

const shape = `
  CREATE TABLE sealing (
    -- Whether tasks that are created from now on are sealed.
    new_tasks INTEGER NOT NULL CHECK (new_tasks IN (0, 1))
  ) STRICT;
  INSERT INTO sealing VALUES (0);
  CREATE TABLE keys (
    task_id         TEXT PRIMARY KEY,
    key             BLOB,
    began_at_ms     INTEGER,
    destroyed_at_ms INTEGER,
    finished_at_ms  INTEGER,
    CHECK ((key IS NULL) = (destroyed_at_ms IS NOT NULL)),
    CHECK (destroyed_at_ms IS NULL OR began_at_ms IS NOT NULL),
    CHECK (finished_at_ms IS NULL OR destroyed_at_ms IS NOT NULL)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX keys_forgetting ON keys (task_id) WHERE began_at_ms IS NOT NULL;
  PRAGMA user_version = ${format};`;

/** How long to wait for others who write keys, ms. */
const waitMsMax = 10_000;

/** The keys of the board in `directory`; nothing is opened before it is needed. */
export function createKeyStore(
  directory: string,
  { waiting, timers, randomBytes }: KeyStoreDeps,
  { mode, trustFileSystem = false }: KeyStoreOptions,
): KeyStore {
  const path = keyStorePath(directory);
  let opened: Opened | undefined;
  let waitingForKeys: Promise<void> | undefined;
  const wanted = new Set<string>();

  function open(): Opened {
    opened ??= openStore(path, mode, trustFileSystem);
    return opened;
  }

  const exists = () => opened !== undefined || existsSync(path);

  function patiently<T>(work: () => T): Promise<T> {
    return untilFree(() => attempt(work), waiting, waitMsMax);
  }

  function write<T>(work: (db: Database.Database) => T): Promise<T> {
    return patiently(() => {
      const { db, transactions } = open();
      return transactions.immediate(() => work(db));
    });
  }

  function keyOf(taskId: string): KeyState {
    if (!exists()) return { is: 'none' };
    const found = open().keyOf.get(taskId);
    if (found === undefined) return { is: 'none' };
    return found.key === null ? { is: 'forgotten' } : { is: 'held', key: found.key };
  }

  /** Tasks that are created in the same turn of the event loop share one commit. */
  function makeKeys(taskIds: readonly string[]): Promise<void> {
    for (const taskId of taskIds) wanted.add(taskId);
    waitingForKeys ??= new Promise((resolve, reject) => {
      timers.immediate(() => {
        waitingForKeys = undefined;
        const batch = [...wanted];
        wanted.clear();
        insertKeys(batch).then(resolve, reject);
      });
    });
    return waitingForKeys;
  }

  function insertKeys(taskIds: readonly string[]): Promise<void> {
    return write((db) => {
      const insert = db.prepare(
        'INSERT INTO keys (task_id, key) VALUES (?, ?) ON CONFLICT DO NOTHING',
      );
      for (const taskId of taskIds) insert.run(taskId, Buffer.from(randomBytes(keyBytes)));
    });
  }

  const change = (sql: string, ...bindings: readonly (string | number)[]) =>
    write((db) => void db.prepare(sql).run(...bindings));

  async function sealNewTasks(seal: boolean): Promise<void> {
    const present = await patiently(() => exists() && open().sealsNewTasks.get() === 1);
    if (present !== seal) await change('UPDATE sealing SET new_tasks = ?', seal ? 1 : 0);
  }

  async function destroyKey(taskId: string, nowMs: number): Promise<void> {
    await change(
      `UPDATE keys SET key = NULL, destroyed_at_ms = coalesce(destroyed_at_ms, ?)
       WHERE task_id = ?`,
      nowMs,
      taskId,
    );
    await patiently(() => forgetSideFiles(open().db));
  }

  return {
    exists,
    keyOf,
    makeKeys,
    sealsNewTasks: () => exists() && open().sealsNewTasks.get() === 1,
    sealNewTasks,
    counts: () => (exists() ? open().counts.get() : undefined) ?? { held: 0, forgotten: 0 },
    forgettings: () => (exists() ? open().forgettings.all() : []),
    beginForgetting: (taskId, nowMs) =>
      change(
        'UPDATE keys SET began_at_ms = coalesce(began_at_ms, ?) WHERE task_id = ?',
        nowMs,
        taskId,
      ),
    cancelForgetting: (taskId) =>
      change('UPDATE keys SET began_at_ms = NULL WHERE task_id = ? AND key IS NOT NULL', taskId),
    destroyKey,
    finishForgetting: (taskId, nowMs) =>
      change(
        'UPDATE keys SET finished_at_ms = coalesce(finished_at_ms, ?) WHERE task_id = ?',
        nowMs,
        taskId,
      ),
    close() {
      opened?.db.close();
      opened = undefined;
    },
  };
}

/** Throws `LogUnavailable` unless the file at `path`, a copy of `source`, holds keys. */
export function refuseUnlessKeyStore(path: string, source: string): void {
  try {
    openStore(path, 'read', true).db.close();
  } catch (cause) {
    throw new LogUnavailable(`${source} holds no keys that this program can read`, {
      code: 'not_a_backup',
      hint: 'Name a file that `logboard backup --keys` made; no board was made.',
      retryable: false,
      cause,
    });
  }
}

interface Opened {
  readonly db: Database.Database;
  readonly transactions: Transactions;
  readonly keyOf: Database.Statement<[string], { key: Buffer | null }>;
  readonly sealsNewTasks: Database.Statement<[], number>;
  readonly counts: Database.Statement<[], KeyCounts>;
  readonly forgettings: Database.Statement<[], Forgetting>;
}

/** Throws a `busy` fault while somebody else creates it. */
function openStore(path: string, mode: 'read' | 'write', trustFileSystem: boolean): Opened {
  const db = openDatabase({ path, durability: 'full', access: mode, trustFileSystem });
  try {
    const transactions = createTransactions(db);
    if (mode === 'write') {
      // What a row held is overwritten, not merely let go of.
      db.pragma('secure_delete = ON');
      transactions.immediate(() => createUnlessThere(db));
    }
    refuseOther(path, versionOf(db));
    return { db, transactions, ...statements(db) };
  } catch (error) {
    db.close();
    throw error;
  }
}

function statements(db: Database.Database) {
  return {
    keyOf: db.prepare<[string], { key: Buffer | null }>('SELECT key FROM keys WHERE task_id = ?'),
    sealsNewTasks: db.prepare<[], number>('SELECT new_tasks FROM sealing').pluck(),
    counts: db.prepare<[], KeyCounts>(
      'SELECT count(key) AS held, count(*) - count(key) AS forgotten FROM keys',
    ),
    forgettings: db.prepare<[], Forgetting>(
      `SELECT task_id AS taskId, began_at_ms AS beganAtMs, destroyed_at_ms AS destroyedAtMs,
         finished_at_ms AS finishedAtMs
       FROM keys WHERE began_at_ms IS NOT NULL ORDER BY task_id`,
    ),
  };
}

function createUnlessThere(db: Database.Database): void {
  if (versionOf(db) === 0) db.exec(shape);
}

function versionOf(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function refuseOther(path: string, version: number): void {
  if (version === format) return;
  if (version === 0) throw busy('Somebody else makes the key store');
  throw new LogUnavailable(`${path} has format ${version}; this program knows ${format}`, {
    code: 'log_too_new',
    hint: 'Upgrade Logboard on this machine.',
    retryable: false,
  });
}

/** The write-ahead log still holds pages from before: it is folded in and emptied. */
function forgetSideFiles(db: Database.Database): void {
  const [answer] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  if (answer?.busy === 0) return;
  throw busy('Somebody else reads the keys');
}

function busy(found: string): DatabaseFault {
  return new DatabaseFault(found, { kind: 'busy', code: 'SQLITE_BUSY' });
}
