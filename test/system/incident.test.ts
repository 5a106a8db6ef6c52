/** An incident of the demo, saved there, looked into where there is nothing else. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../cli/command-line.ts';
import { playDemo } from '../kit/demo-board.ts';

test('a file answers what its board answers, to every verb and about every task', async () => {
  const { directory } = await playDemo();
  const here = commandLine();
  const elsewhere = commandLine();
  const board = ['--board', directory];
  const { position } = await here.json<{ position: number }>(['stats', ...board]);
  const at = ['--at', `${position}`];
  const tasks = await here.json<{ id: string }[]>(['list', ...board]);

  async function expectSame(file: string, line: readonly string[]): Promise<void> {
    const there = await elsewhere.run(['--log', file, ...line, '--json']);
    const wanted = await here.run([...line, ...board, ...at, '--json']);
    expect(there, line.join(' ')).toEqual(wanted);
    expect(there.exit).toBe(0);
  }

  const all = join(here.directory, 'all.jsonl');
  await here.json(['incident', 'save', '--from', '1', '-o', all, ...board, ...at]);
  for (const line of ['list', 'stats', 'timeline --importance 1', 'events', 'diagnostics']) {
    await expectSame(all, line.split(' '));
  }
  await expectSame(all, ['search', 'survey']);

  for (const { id } of tasks) {
    const file = join(here.directory, `${id}.jsonl`);
    await here.json(['incident', 'save', '--around', id, '-o', file, ...board, ...at]);
    for (const verb of ['show', 'runs', 'timeline', 'context', 'log']) {
      await expectSame(file, [verb, id]);
    }
  }
}, 120_000);
