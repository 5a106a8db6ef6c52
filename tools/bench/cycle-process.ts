/**
 * One of the processes that share a board: warms up, waits for `go`, works for some spans of time,
 * tells for each how long its commands took.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { monotonicMs } from './measure.ts';
import { caller, openBenchBoard } from './parts.ts';
import { cycle, warmUp } from './work.ts';

const [directory = '', taskFile = '', spanMs = '0', spans = '0'] = process.argv.slice(2);
const taskIds = JSON.parse(readFileSync(taskFile, 'utf8')) as readonly string[];
await warmUp(`${taskFile}.warm-up`, 1);
const board = await openBenchBoard(directory);
const commands = board.as(caller);
process.stdout.write('ready\n');
await once(process.stdin, 'data');

const startedAtMs = monotonicMs();
const latencies: number[][] = Array.from({ length: Number(spans) }, () => []);
for (const taskId of taskIds) {
  const span = latencies[Math.trunc((monotonicMs() - startedAtMs) / Number(spanMs))];
  if (span === undefined) break;
  span.push(...(await cycle(commands, taskId)));
}
await board.close();
process.stdout.write(`${JSON.stringify(latencies)}\n`);
process.stdin.destroy();
