/** Creates tasks one at a time, with a pause between, and tells when each was acknowledged. */
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicMs } from './measure.ts';
import { caller, openBenchBoard } from './parts.ts';

const [directory = '', count = '0', pauseMs = '0'] = process.argv.slice(2);
const board = await openBenchBoard(directory);
const commands = board.as(caller);
for (let index = 0; index < Number(count); index += 1) {
  const answer = await commands.create({ title: `task ${index}`, assignee: 'nothing' });
  if (answer.refused) throw new Error(answer.message);
  process.stdout.write(`${answer.taskId} ${monotonicMs()}\n`);
  await pause(Number(pauseMs));
}
await board.close();
