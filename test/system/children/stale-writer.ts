/** A worker that lost its run and does not believe it: it writes on and on, and counts the noes. */
import { openBoardAt } from '../../../src/main.ts';

const [directory = '', runId = '', times = '0'] = process.argv.slice(2);
const board = await openBoardAt(directory, { access: 'write', policy: undefined });
const worker = board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
let refused = 0;
for (let turn = 0; turn < Number(times); turn += 1) {
  const answer = await worker.completeRun(runId, { summary: `still mine ${turn}` });
  if (answer.refused && answer.code === 'stale_run') refused += 1;
}
await board.close();
process.stdout.write(`${refused}\n`);
