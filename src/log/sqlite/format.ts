/**
 * The format of a log: how it is created, and which programs may touch it.
 *
 * A log written by a newer program stays readable where that program says so, and is never written
 * to by an older one.
 */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { createTransactions } from '../../sqlite/transaction.ts';
import { LogUnavailable } from '../event-log.ts';

/** What the log says about itself. */
export interface LogMeta {
  readonly epoch: string;
  readonly format: number;
  /** Lowest format a program must know to read this log. */
  readonly minReader: number;
  /** Lowest format a program must know to write to it. */
  readonly minWriter: number;
}

/** The format this program knows: one for each migration. */
export const formatKnown = 4;

/** The format of a log that was thinned; a new one begins with the format that more can read. */
export const formatOfThinned = 2;

/** The format of a log of which a part is in segment files. */
export const formatOfSegmented = 3;

/** The format of a log that is a replica of one on a cluster. */
export const formatOfReplica = 4;

const formatAtFirst = 1;

/** Marks the file as a log of ours, in the header that SQLite keeps for this purpose: "LOGB". */
const applicationId = 0x4c_4f_47_42;

const firstMigration = '0001-events.sql';

/** Each leads to the next format, and is applied when a log first needs it. */
const laterMigrations: readonly string[] = [
  '0002-thinning.sql',
  '0003-segments.sql',
  '0004-replica.sql',
];

const selectMeta = `
  SELECT epoch, format, min_reader AS minReader, min_writer AS minWriter FROM log_meta`;

/**
 * Reads what the log says about itself; creates it in an empty database when `fresh` is given.
 * Throws `LogUnavailable` when this is no log, or one that only newer programs can read.
 */
export function openFormat(
  db: Database.Database,
  fresh?: { readonly epoch: string; readonly nowMs: number },
): LogMeta {
  if (fresh && isEmpty(db)) {
    createTransactions(db).immediate(() => {
      // Whoever waited for the lock may find that another process has created it meanwhile.
      if (isEmpty(db)) {
        create(db, fresh);
      }
    });
  }
  if (db.pragma('application_id', { simple: true }) !== applicationId) {
    throw notALog(db.name);
  }
  const meta = db.prepare<[], LogMeta>(selectMeta).get();
  if (meta === undefined) {
    throw notALog(db.name);
  }
  if (meta.minReader > formatKnown) {
    throw tooNew('read', meta.minReader);
  }
  return meta;
}

/**
 * Brings a log to a format, step by step, inside a transaction for writing. One that is of this
 * format or a later one stays as it is.
 */
export function raiseFormat(db: Database.Database, wanted: number): void {
  const { format } = db.prepare<[], LogMeta>(selectMeta).get()!;
  for (const [index, file] of laterMigrations.entries()) {
    const leadsTo = index + formatOfThinned;
    if (leadsTo > format && leadsTo <= wanted) applyMigration(db, file);
  }
}

/** Whether a log is the copy of one that lives on a cluster. */
export function isReplica(db: Database.Database): boolean {
  const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'replica'";
  return db.prepare(table).get() !== undefined;
}

/**
 * Closes a log that is a replica, and throws: with events that only this host has it would no
 * longer be one.
 */
export function refuseReplica(db: Database.Database): void {
  if (!isReplica(db)) return;
  const { name } = db;
  db.close();
  throw new LogUnavailable(`${name} is the copy of a log that lives on a cluster`, {
    code: 'log_is_replica',
    hint: 'Say where: `log: esdb://…` in logboard.yaml, LOGBOARD_LOG, or --log.',
    retryable: false,
  });
}

/** The fault of asking this program for a format it does not know. */
export function tooNew(what: 'read' | 'write', formatNeeded: number): LogUnavailable {
  const able = what === 'read' ? 'reads' : 'writes';
  return new LogUnavailable(
    `This log takes a program that ${able} format ${formatNeeded}; this one ${able} ${formatKnown}`,
    {
      code: 'log_too_new',
      hint: `Upgrade logboard to a release that ${able} log format ${formatNeeded}.`,
      retryable: false,
    },
  );
}

function isEmpty(db: Database.Database): boolean {
  return db.pragma('schema_version', { simple: true }) === 0;
}

function create(db: Database.Database, fresh: { epoch: string; nowMs: number }): void {
  applyMigration(db, firstMigration);
  db.pragma(`application_id = ${applicationId}`);
  db.prepare(
    `INSERT INTO log_meta (only, epoch, format, min_reader, min_writer, created_at)
     VALUES (1, ?, ?, ?, ?, ?)`,
  ).run(fresh.epoch, formatAtFirst, formatAtFirst, formatAtFirst, Math.trunc(fresh.nowMs));
}

function applyMigration(db: Database.Database, file: string): void {
  db.exec(readFileSync(new URL(`./migrations/${file}`, import.meta.url), 'utf8'));
}

function notALog(path: string): LogUnavailable {
  return new LogUnavailable(`${path} is a database, but not a log of Logboard`, {
    code: 'not_a_log',
    hint: 'Check the path of the board.',
    retryable: false,
  });
}
