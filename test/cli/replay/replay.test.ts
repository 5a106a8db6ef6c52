/** `replay` where nobody watches: lines, documents, and a board that stays as it was. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { ReelOptions } from '../../../src/app/replay/reel.ts';
import { exitCodes } from '../../../src/outcome.ts';
import { type CommandLine, commandLine } from '../command-line.ts';

async function aStory(): Promise<{ cli: CommandLine; task: string; other: string }> {
  const cli = commandLine();
  const task = await cli.create('Paint the hull');
  const other = await cli.create('Rig the mast', '--parent', task);
  await cli.run(['block', task, 'no', 'paint']);
  await cli.run(['unblock', task]);
  await cli.run(['complete', task, '--summary', 'painted']);
  return { cli, task, other };
}

function documents(stdout: string) {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What every file of a board holds, but for those that SQLite has while it is open. */
function contents(directory: string): ReadonlyMap<string, string> {
  const board = join(directory, '.logboard');
  const files = readdirSync(board).filter((name) => !/-(wal|shm)$/.test(name));
  return new Map(
    files.map((name) => {
      return [
        name,
        createHash('sha256')
          .update(readFileSync(join(board, name)))
          .digest('hex'),
      ];
    }),
  );
}

describe('replay', () => {
  test('prints what happened, a line each, and follows what came of it', async () => {
    const { cli, task, other } = await aStory();

    const { exit, stdout, stderr } = await cli.run(['replay']);

    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ ?#1 {2}\d\d:\d\d:\d\d .*board created/);
    const completed = lines.findIndex((line) => line.includes(`${task}  done: painted`));
    expect(lines[completed + 1]).toContain(`${other}  became ready because ${task} completed`);
  });

  test('prints a document for each event, with the tasks it changed', async () => {
    const { cli, task, other } = await aStory();

    const { stdout } = await cli.run(['replay', '--json']);

    const found = documents(stdout);
    expect(found.map(({ position }) => position)).toEqual(found.map((_, index) => index + 1));
    const completed = found.find(({ event }) => event.type === 'TaskCompleted');
    expect(completed).toMatchObject({
      taskId: task,
      followed: [{ type: 'became_ready', taskId: other }],
      changed: [
        { id: task, status: 'done' },
        { id: other, status: 'ready', openParents: 0 },
      ],
    });
  });

  test('ends at what it was to stop at, and says so', async () => {
    const { cli } = await aStory();

    const { exit, stdout, stderr } = await cli.run(['replay', '--until', 'reclaim,human']);

    expect(exit).toBe(exitCodes.done);
    expect(stdout.trimEnd().split('\n').at(-1)).toContain('blocked (operator): no paint');
    expect(stderr).toMatch(/^stopped at #\d+: human\n$/);
    expect((await cli.run(['replay', '--until', 'refused'])).stderr).toMatch(/^no refused up to #/);
  });

  test('shows a part of the past, and only of some tasks', async () => {
    const { cli, other } = await aStory();

    const { stdout } = await cli.run(['replay', '--from', '2', '--to', '#3', '--json']);
    expect(documents(stdout).map(({ position }) => position)).toEqual([2, 3]);
    const some = documents((await cli.run(['replay', '--task', other, '--json'])).stdout);
    const about = some.filter(({ changed }) =>
      changed.some(({ id }: { id: string }) => id === other),
    );
    expect(some).toEqual(about);
    expect(some.length).toBeGreaterThan(1);
  });

  test.each([
    [['--from', '9999'], 'beyond_head', exitCodes.not_found],
    [['--from', '4', '--to', '2'], 'range_swapped', exitCodes.usage],
    [['--to', '-900h'], 'before_first_event', exitCodes.not_found],
    [['--task', 'T-0000000000'], 'no_such_task', exitCodes.not_found],
    [['--speed', '0'], 'usage', exitCodes.usage],
    [['--speed', '1001'], 'usage', exitCodes.usage],
    [['--until', 'reclaims'], 'usage', exitCodes.usage],
    [['--skip-idle', 'soon'], 'usage', exitCodes.usage],
  ])('refuses %j with %s', async (options, code, exit) => {
    const { cli } = await aStory();

    expect(await cli.json(['replay', ...options], { exit })).toMatchObject({ error: { code } });
  });

  test('changes nothing on the board, to the last byte', async () => {
    const { cli } = await aStory();
    await cli.run(['list']);
    const before = contents(cli.directory);
    expect(before.size).toBeGreaterThan(2);

    await cli.run(['replay']);
    await cli.run(['replay', '--json', '--from', '2', '--until', 'human']);

    expect(contents(cli.directory)).toEqual(before);
  });

  test('is given a log through which nothing can be appended', () => {
    expectTypeOf<ReelOptions['log']>().not.toHaveProperty('append');
  });
});
