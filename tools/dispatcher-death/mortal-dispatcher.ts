/**
 * A dispatcher in a process of its own that dies, by SIGKILL, in a gap between two of its steps.
 * Argument: an `Order` as JSON. Just before it dies it says its last word, a line of JSON.
 */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { monotonicMs } from '../bench/measure.ts';
import { ownChildren } from '../trial/remains.ts';
import { openTrial, type Place } from '../trial/trial.ts';
import { type Doom, doomed } from './mortal.ts';

/** What the process is told. */
export interface Order extends Doom {
  readonly place: Place;
  readonly dispatcherId: string;
  /** In the gap `committing`: how long after its beginning death comes, in µs. */
  readonly delayUs: number;
}

/** Its last word. */
export interface LastWord {
  /** The run that was in the gap. */
  readonly runId: string;
  /** Monotonic, the same for all processes of the machine. */
  readonly atMonoMs: number;
  /** Its living children. */
  readonly children: readonly number[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const strike = order.gap === 'committing' ? createStriker(order.delayUs) : strikeNow;
const trial = await openTrial(order.place, (grip) =>
  doomed(grip, order, (runId) => {
    const word: LastWord = { runId, atMonoMs: monotonicMs(), children: ownChildren() };
    writeSync(1, `${JSON.stringify(word)}\n`);
    strike();
  }),
);
await trial.dispatch(order.dispatcherId);
// Whoever ordered it holds the other end: without him there is nobody left to die for.
process.stdin.on('end', () => process.exit()).resume();

function strikeNow(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** A commit holds this thread: only another one can strike in the middle of it. */
function createStriker(delayUs: number): () => void {
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { bell, delayUs } = require('node:worker_threads').workerData;
    Atomics.wait(bell, 0, 0);
    const at = process.hrtime.bigint() + BigInt(delayUs) * 1000n;
    while (process.hrtime.bigint() < at);
    process.kill(process.pid, 'SIGKILL');
  `;
  const striker = new Worker(code, { eval: true, workerData: { bell, delayUs } });
  striker.unref();
  return () => {
    Atomics.store(bell, 0, 1);
    Atomics.notify(bell, 0);
  };
}
