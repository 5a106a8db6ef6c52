/** The thread that compares the tables of a board with its log; see `tables-beside.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, systemTimers } from '../host/clock.ts';
import { randomBytes } from '../host/ids.ts';
import { openSqliteLog } from '../log/sqlite/sqlite-log.ts';
import { compareTables } from './tables.ts';
import type { Said } from './tables-beside.ts';

const directory = workerData as string;
const machine = {
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  randomBytes,
  newEpoch: () => '',
};
const log = await openSqliteLog(directory, machine, { mode: 'read', create: false });
const say = (said: Said) => parentPort?.postMessage(said);
try {
  const board = { log, timers: systemTimers, path: directory };
  say({ problems: await compareTables(board, (progress) => say({ progress })) });
} finally {
  await log.close();
}
