/** Several tasks on one line: each has its own answer, and the worst gives the exit code. */
import { expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

const nobody = 'T-0000000000';

test('one id answers with the task itself', async () => {
  const cli = commandLine();
  const task = await cli.create('a');

  expect(await cli.json(['archive', task])).toMatchObject({ id: task, status: 'archived' });
});

test('several answer with a list, in the order they were named', async () => {
  const cli = commandLine();
  const tasks = [await cli.create('a'), await cli.create('b'), await cli.create('c')];

  const { results } = await cli.json(['block', ...tasks, 'no', 'paint']);

  expect(results.map((each: { id: string }) => each.id)).toEqual(tasks);
  expect(results[0]).toMatchObject({ ok: true, status: 'blocked', blockReason: 'no paint' });
});

test('what is refused stands beside what was done; the worst exit code counts', async () => {
  const cli = commandLine();
  const ready = await cli.create('a');
  const blocked = await cli.create('b', '--initial-status', 'blocked');

  const { results } = await cli.json(['unblock', ready, nobody, blocked], { exit: 6 });

  expect(results).toEqual([
    { id: ready, ok: false, error: expect.objectContaining({ code: 'wrong_status' }) },
    { id: nobody, ok: false, error: expect.objectContaining({ code: 'no_such_task' }) },
    expect.objectContaining({ id: blocked, ok: true, status: 'ready', changed: true }),
  ]);
});

test('a repeat is no failure: it changed nothing, and says so', async () => {
  const cli = commandLine();
  const task = await cli.create('a', '--assignee', 'paint');

  const again = await cli.run(['assign', task, 'paint']);

  expect(again).toMatchObject({ exit: 0, stdout: expect.stringContaining('nothing to change') });
  expect(await cli.json(['assign', task, 'paint'])).toMatchObject({ changed: false });
});

test('one hand-off for several tasks is refused; completing them without one is not', async () => {
  const cli = commandLine();
  const tasks = [await cli.create('a'), await cli.create('b')];

  const { error } = await cli.json(['complete', ...tasks, '--summary', 'done'], { exit: 2 });
  const { results } = await cli.json(['complete', ...tasks]);

  expect(error.code).toBe('bulk_summary');
  expect(results.map((each: { status: string }) => each.status)).toEqual(['done', 'done']);
});

test('a completion without a claim leaves a run of no length that keeps the hand-off', async () => {
  const cli = commandLine();
  const task = await cli.create('a');

  await cli.json(['complete', task, '--summary', 'by hand', '--metadata', '{"rows":3}']);

  expect(await cli.json(['runs', task])).toMatchObject([
    { kind: 'record', outcome: 'completed', summary: 'by hand', metadata: { rows: 3 } },
  ]);
});
