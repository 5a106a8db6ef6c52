/**
 * One of the processes that share a board: warms up, waits for `go`, works for a while, tells what
 * it did.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { monotonicMs } from './measure.ts';
import { caller, openBenchBoard } from './parts.ts';
import { cycle, warmUp } from './work.ts';

const [directory = '', taskFile = '', forMs = '0'] = process.argv.slice(2);
const taskIds = JSON.parse(readFileSync(taskFile, 'utf8')) as readonly string[];
await warmUp(`${taskFile}.warm-up`);
const board = await openBenchBoard(directory);
const commands = board.as(caller);
process.stdout.write('ready\n');
await once(process.stdin, 'data');

const untilMs = monotonicMs() + Number(forMs);
const latencies: number[] = [];
for (const taskId of taskIds) {
  if (monotonicMs() >= untilMs) break;
  latencies.push(...(await cycle(commands, taskId)));
}
await board.close();
process.stdout.write(`${JSON.stringify(latencies)}\n`);
process.stdin.destroy();
