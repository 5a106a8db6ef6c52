/**
 * A host of its own that serves a board on a cluster until TERM: `<directory> <configuration>`. It
 * waits until there is a board; home and cluster come with the environment.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createRoot } from '../../../src/main.ts';

const [directory = '', file = ''] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const house = createRoot({ environment: process.env, directory, userHome: directory });
const config = await house.loadConfig(file);
const open = () => house.openBoard(directory, { access: 'write', policy: config.policy });
let board = await open().catch(() => undefined);
while (board === undefined && !stop.signal.aborted) {
  await pause(50);
  board = await open().catch(() => undefined);
}
if (board !== undefined) {
  const fleet = await house.fleet();
  await fleet.serve({ board, directory, config: () => config, report: () => {} }, stop.signal);
  await board.close();
}
