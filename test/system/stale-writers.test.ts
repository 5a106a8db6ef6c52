/** Stale workers that hammer at the board: every write is refused, and the log stays small. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { accepted, ada } from '../kit/callers.ts';
import { bundleChild } from '../kit/child.ts';
import { tempBoard } from '../kit/temp-board.ts';

const run = promisify(execFile);
const entry = fileURLToPath(new URL('children/stale-writer.ts', import.meta.url));

it('two processes that write 1,000 times leave twenty entries and one summary', async () => {
  const { board, directory } = await tempBoard();
  const operator = board.as(ada);
  const { taskId } = await accepted(operator.create({ title: 'Paint the hull' }));
  const { runId } = await accepted(operator.claim(taskId));
  await accepted(operator.reclaim(taskId, 'silent'));
  const before = (await board.log.head()).position;

  const program = await bundleChild(entry);
  const hammer = () => run(process.execPath, [program, directory, runId, '500']);
  const said = await Promise.all([hammer(), hammer()]);

  expect(said.map(({ stdout }) => stdout.trim())).toEqual(['500', '500']);
  const kept = (await board.read()).refused({ runId });
  expect(kept.map(({ countedFrom }) => countedFrom)).toEqual([...Array(20).fill(null), 21]);
  expect((await board.log.head()).position).toBe(before + 21);
  expect((await board.read()).task(taskId, board.nowMs())?.status).toBe('ready');
}, 60_000);
