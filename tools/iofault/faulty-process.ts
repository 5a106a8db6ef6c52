/**
 * Works with one new log after the other, each time with the next call failing, until a run meets
 * no fault any more; `faulty-io.c` is loaded beside it. What happens is told on stdout, in order,
 * together with the faults. Arguments: a directory, the kind of fault, the first call to fail, the
 * step to the next, and the last.
 */
import { mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LogDamaged, LogUnavailable } from '../../src/log/event-log.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { openDatabase } from '../../src/sqlite/open.ts';
import { numbered, type Shape } from '../disk/numbered.ts';
import { openLog } from '../disk/open-log.ts';

const [root = '', kind = 'eio', first = '1', step = '1', last = '1'] = process.argv.slice(2);

for (let at = Number(first); at <= Number(last); at += Number(step)) await work(at);

async function work(at: number): Promise<void> {
  const directory = join(root, String(at));
  mkdirSync(directory, { mode: 0o700 });
  say(`run ${at}`);
  Object.assign(process.env, {
    FAULT_DIRECTORY: directory,
    FAULT_AT: String(at),
    FAULT_KIND: kind,
    FAULT_RUN: String(at),
  });
  try {
    await live(directory);
  } catch (error) {
    sayRefused(error);
  }
  process.env['FAULT_DIRECTORY'] = '';
  say('end');
}

/** A short life that knows everything: appends alone and together, checkpoints, and an end. */
async function live(directory: string): Promise<void> {
  const log = await openLog(directory, {
    openDatabase: (request) => {
      const db = openDatabase(request);
      db.pragma('wal_autocheckpoint = 8');
      return db;
    },
  });
  for (let turn = 0; turn < 4; turn += 1) {
    await append(log, `alone${turn}`, {});
    const together = [0, 1].map((lane) => append(log, `lane${lane}-${turn}`, { events: 2 }));
    await Promise.all(together);
  }
  await append(log, 'large', { bytes: 20_000 });
  await log.close();
}

async function append(log: SqliteLog, name: string, shape: Shape): Promise<void> {
  try {
    const result = await log.append(numbered(name, shape));
    if (result.ok) say(`acknowledged ${name}`);
  } catch (error) {
    sayRefused(error);
  }
}

function sayRefused(error: unknown): void {
  const isTyped = error instanceof LogUnavailable || error instanceof LogDamaged;
  say(isTyped ? `refused ${error.code}` : `untyped ${String(error)}`);
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}
