/**
 * A dispatcher reduced to taking slots. Arguments: home directory, how many slots there are, how
 * many to try for. Waits for a line on stdin to begin, prints how many it got, lives until killed.
 */
import { once } from 'node:events';
import { systemClock, systemTimers } from '../../../src/host/clock.ts';
import { readBootId } from '../../../src/host/host-identity.ts';
import { openHostSlots } from '../../../src/host/host-slots.ts';
import { createProbe, type Kill } from '../../../src/host/probe.ts';
import { createProcessTable } from '../../../src/host/process-table.ts';

const [home = '', max, tries] = process.argv.slice(2);
const table = createProcessTable();
const bootId = readBootId();
const sight = table.stat(process.pid);
if (!sight.seen) {
  throw new Error(sight.errno);
}
const holder = { pid: process.pid, startTime: sight.value.startTime, bootId };
const kill: Kill = (pid, signal) => void process.kill(pid, signal);
const slots = await openHostSlots({
  home,
  probe: createProbe({ table, bootId, kill }),
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
});

process.stdout.write('ready\n');
await once(process.stdin, 'data');
let taken = 0;
for (let number = 0; number < Number(tries); number += 1) {
  const nonce = `${process.pid}-${number}`;
  if (await slots.acquire({ nonce, boardDirectory: '/board', holder }, Number(max))) {
    taken += 1;
  }
}
process.stdout.write(`${taken}\n`);
