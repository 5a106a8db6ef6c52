/**
 * A dispatcher reduced to taking slots. Arguments: home directory, how many slots there are, how
 * many rounds to play. At the first line on stdin it takes a slot and gives it back, in each round,
 * and prints the most slots it ever saw taken. At the second it takes all it can get, prints how
 * many, and lives until killed.
 */
import { once } from 'node:events';
import { systemClock, systemTimers } from '../../../src/host/clock.ts';
import { readBootId } from '../../../src/host/host-identity.ts';
import { openHostSlots } from '../../../src/host/host-slots.ts';
import { createProbe, type Kill } from '../../../src/host/probe.ts';
import { createProcessTable } from '../../../src/host/process-table.ts';

const [home = '', max, rounds] = process.argv.slice(2);
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

const take = (nonce: string) =>
  slots.acquire({ nonce, boardDirectory: '/board', holder }, Number(max));

process.stdout.write('ready\n');
await once(process.stdin, 'data');
let mostSeen = 0;
for (let round = 0; round < Number(rounds); round += 1) {
  const nonce = `${process.pid}-${round}`;
  if (await take(nonce)) {
    mostSeen = Math.max(mostSeen, slots.list().length);
    await slots.release(nonce);
  }
}
process.stdout.write(`${mostSeen}\n`);

await once(process.stdin, 'data');
let taken = 0;
while (await take(`${process.pid}-kept-${taken}`)) {
  taken += 1;
}
process.stdout.write(`${taken}\n`);
