/**
 * A workload to be recorded: appends, and writes the name of each append into a file as soon as it
 * was acknowledged. Arguments: the log's directory, that file, the workload, and a name for lanes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeSync } from 'node:fs';
import { type OpenDatabase, openDatabase } from '../../src/sqlite/open.ts';
import { numbered, type Shape } from '../disk/numbered.ts';
import { type OpenOptions, openLog } from '../disk/open-log.ts';
import type { Workload } from './workloads.ts';

const [directory = '', acksFile = '', workload = 'append', lane = 'a'] = process.argv.slice(2);
const acks = openSync(acksFile, 'a');

/** A checkpoint after so few pages that many fall into a small log. */
const checkpointingOften: OpenOptions = { openDatabase: openedWith('wal_autocheckpoint = 8') };

/** What better-sqlite3 does unless it is told otherwise. */
const lessDurable: OpenOptions = { openDatabase: openedWith('synchronous = NORMAL') };

const workloads: Readonly<Record<Workload, () => Promise<void>>> = {
  append: () => appendAll({}, { appends: 40 }),
  batches: () => appendAll({}, { appends: 96, lanes: 12, events: 3 }),
  checkpoint: () => appendAll(checkpointingOften, { appends: 60, bytes: 700 }),
  reopen: async () => {
    for (let turn = 0; turn < 6; turn += 1) await appendAll({}, { appends: 5, turn });
  },
  processes: async () => {
    await Promise.all(['b', 'c', 'd'].map(appendInAnother));
  },
  'at NORMAL': () => appendAll(lessDurable, { appends: 40 }),
};

await workloads[workload as Workload]();

interface Amount extends Shape {
  readonly appends: number;
  /** Appends in flight at once. Default 1. */
  readonly lanes?: number;
  /** Sets the names apart from those of an earlier turn. Default 0. */
  readonly turn?: number;
}

async function appendAll(options: OpenOptions, amount: Amount): Promise<void> {
  const { appends, lanes = 1, turn = 0, ...shape } = amount;
  const log = await openLog(directory, options);
  const appendIn = async (first: number) => {
    for (let index = first; index < appends; index += lanes) {
      const name = `${lane}${turn}-${first}-${index}`;
      // A log that has stopped refuses; whoever works with it tries the next thing all the same.
      const result = await log.append(numbered(name, shape)).catch(() => undefined);
      if (result?.ok === true) writeSync(acks, `${name}\n`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => appendIn(first)));
  await log.close();
}

async function appendInAnother(otherLane: string): Promise<void> {
  const program = process.argv[1] ?? '';
  const args = [program, directory, acksFile, 'append', otherLane];
  await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close');
}

function openedWith(setting: string): OpenDatabase {
  return (request) => {
    const db = openDatabase(request);
    db.pragma(setting);
    return db;
  };
}
