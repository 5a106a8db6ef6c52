/** `verify` beside a program that takes beats out of the same log: at no moment is it damage. */
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { commandLine } from '../cli/command-line.ts';
import { writeBeatingRuns } from '../kit/beating-log.ts';
import { realPorts } from '../log/real-ports.ts';
import { message, startChild } from '../log/run-child.ts';

test('a board that is thinned meanwhile is found to be sound every time', {
  timeout: 120_000,
}, async () => {
  const cli = commandLine();
  await cli.run(['init']);
  const board = join(cli.directory, '.logboard');
  const log = await openSqliteLog(board, realPorts);
  await writeBeatingRuns(log, { runs: 40, beats: 200, batch: 'B' });
  await log.close();
  await cli.json(['verify']);

  const child = await startChild('thinner', board);
  let isOver = false;
  const ended = once(child, 'exit').finally(() => {
    isOver = true;
  });
  await message(child);
  const found: unknown[] = [];
  while (!isOver || found.length < 2) {
    const { exit, stdout } = await cli.run(['verify', '--json']);
    found.push({ exit, problems: JSON.parse(stdout).problems });
  }
  const [code] = await ended;

  expect(code).toBe(0);
  expect(found).toEqual(found.map(() => ({ exit: 0, problems: [] })));
  const { problems } = await cli.json(['verify']);
  expect(problems).toEqual([]);
  const again = await openSqliteLog(board, realPorts, { mode: 'read', create: false });
  const thinned = (await again.readStream('board')).filter(({ type }) => type === 'LogThinned');
  expect(thinned.length).toBeGreaterThan(2);
  await again.close();
});
