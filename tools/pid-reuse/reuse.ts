/**
 * Workers die, and strangers get their pids: does anybody take the one for the other? Runs as
 * process 1 of a namespace. Arguments: how often, seed. Prints its findings as JSON.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { WorkerIdentity } from '../../src/dispatcher/ports.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { createProbe, type Kill } from '../../src/host/probe.ts';
import { createGroupEnder } from '../../src/host/process-group.ts';
import { createSnapshots } from '../../src/host/process-snapshots.ts';
import { createProcessTable } from '../../src/host/process-table.ts';
import { createChance } from '../trial/chance.ts';
import { type Stranger, startStranger, startWorker, strangers } from './cast.ts';
import { nextPidFile } from './namespace.ts';

/** What was found. */
export interface Findings {
  /** Strangers that got the pid of a dead worker. */
  readonly reuses: number;
  /** Of them, those with the same start time: only the nonce tells. */
  readonly sameStartTime: number;
  /** Of them, those without any environment, which leave the answer open. */
  readonly unknown: number;
  /** Descendants of dead workers that were recognised and ended beside a stranger. */
  readonly survivorsEnded: number;
  /** What must not be, in words. */
  readonly wrongs: readonly string[];
}

const table = createProcessTable();
/** Everything here happens between two boots. */
const bootId = 'one-boot';
const signalled = new Set<number>();
const kill: Kill = (pid, signal) => {
  if (signal !== 0) signalled.add(Math.abs(pid));
  process.kill(pid, signal);
};
const probe = createProbe({ table, bootId, kill });
const time = { clock: systemClock, timers: systemTimers };
const end = createGroupEnder({
  table,
  probe,
  kill,
  ...time,
  snapshot: createSnapshots({ table, ...time }),
});

/** One worker in so many leaves a descendant behind, in a session of its own. */
const survivorEvery = 4;

const [count = '20', seed = '1'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await play(Number(count), Number(seed))));
process.exit();

async function play(rounds: number, seedOf: number): Promise<Findings> {
  const chance = createChance(seedOf);
  const found = {
    reuses: 0,
    sameStartTime: 0,
    unknown: 0,
    survivorsEnded: 0,
    wrongs: [] as string[],
  };
  for (let round = 0; found.reuses < rounds && round < 10 * rounds; round += 1) {
    const hasSurvivor = chance.below(survivorEvery) === 0;
    const outcome = await reuse(`R-1.${round}`, chance.pick(strangers), hasSurvivor);
    if (outcome === undefined) continue;
    found.reuses += 1;
    if (outcome.isSameTime) found.sameStartTime += 1;
    if (outcome.isUnknown) found.unknown += 1;
    if (hasSurvivor) found.survivorsEnded += 1;
    found.wrongs.push(...outcome.wrongs.map((wrong) => `round ${round}: ${wrong}`));
  }
  return found;
}

/** One worker, one stranger; undefined when somebody else was given the pid. */
async function reuse(nonce: string, kind: Stranger, hasSurvivor: boolean) {
  const leader = await startWorker({ nonce, bootId }, hasSurvivor);
  process.kill(leader.pid, 'SIGKILL');
  await leader.gone;
  writeFileSync(nextPidFile, String(leader.pid - 1));
  const stranger = startStranger(kind);
  const sight = table.stat(leader.pid);
  const isReused = stranger.pid === leader.pid && sight.seen;
  try {
    if (!isReused) return undefined;
    const isSameTime = sight.value.startTime === leader.identity.startTime;
    const isBare = Object.keys(kind.environment).length === 0;
    const isUnknown = isBare && probe(leader.identity).verdict === 'unknown';
    const wrongs = await judge(leader.identity, stranger, { hasSurvivor, isUnknown });
    return { isSameTime, isUnknown, wrongs };
  } finally {
    stranger.kill('SIGKILL');
    await once(stranger, 'exit');
  }
}

/** Whether the dead worker is known to be dead, and the stranger left in peace. */
async function judge(
  identity: WorkerIdentity,
  stranger: ChildProcess,
  { hasSurvivor, isUnknown }: { hasSurvivor: boolean; isUnknown: boolean },
) {
  const wrongs: string[] = [];
  signalled.clear();
  const { verdict, because } = probe(identity);
  if (verdict !== (isUnknown ? 'unknown' : 'dead')) wrongs.push(`it is ${verdict} (${because})`);
  const { outcome } = await end(identity, 1_000);
  const expected = isUnknown ? 'unknown' : hasSurvivor ? 'gone' : 'not_ours';
  if (outcome !== expected) wrongs.push(`its processes are ${outcome}, not ${expected}`);
  if (signalled.has(identity.pid)) wrongs.push('a signal was sent to the stranger');
  if (stranger.exitCode !== null || stranger.signalCode !== null) wrongs.push('the stranger ended');
  return wrongs;
}
