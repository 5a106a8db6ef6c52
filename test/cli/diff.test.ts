/** `diff` from the command line: two moments of a board, and two attempts. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/outcome.ts';
import { type CommandLine, commandLine } from './command-line.ts';

async function headOf(cli: CommandLine): Promise<number> {
  const { stdout } = await cli.run(['events']);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}').position;
}

async function twoAttempts(cli: CommandLine, task: string): Promise<readonly string[]> {
  await cli.run(['claim', task]);
  await cli.run(['reclaim', task, 'asleep']);
  await cli.run(['promote', task]);
  await cli.run(['claim', task]);
  return (await cli.json(['runs', task])).map(({ id }: { id: string }) => id);
}

describe('diff of the board', () => {
  test('tells what was created, ended, moved, reassigned, edited, commented and run', async () => {
    const cli = commandLine();
    const hull = await cli.create('Paint the hull', '--assignee', 'docks');
    const mast = await cli.create('Rig the mast', '--parent', hull);
    const still = await cli.create('Gild the bow');
    const from = await headOf(cli);
    await cli.run(['complete', hull, '--summary', 'painted']);
    await cli.run(['edit', mast, '--title', 'Rig both masts', '--priority', '3']);
    await cli.run(['assign', mast, 'riggers']);
    await cli.run(['comment', mast, 'mind', 'the', 'gulls']);
    const sails = await cli.create('Mend the sails');
    const to = await headOf(cli);
    await cli.run(['archive', still]);

    const found = await cli.json(['diff', '--at', `${from}`, '--at', `${to}`]);

    expect(found).toMatchObject({
      from: { position: from },
      to: { position: to },
      counts: {
        ...{ created: 1, ended: 1, moved: 2, reassigned: 1 },
        ...{ edited: 1, comments: 1, runs: 1 },
      },
      byStatus: [
        { status: 'waiting', before: 1, after: 0 },
        { status: 'ready', before: 2, after: 3 },
        { status: 'done', before: 0, after: 1 },
      ],
    });
    expect(found.tasks).toMatchObject([
      { id: hull, status: { before: 'ready', after: 'done' }, runs: [{ outcome: 'completed' }] },
      {
        id: mast,
        created: false,
        status: { before: 'waiting', after: 'ready' },
        assignee: { before: null, after: 'riggers' },
        fields: [
          { field: 'title', before: 'Rig the mast', after: 'Rig both masts' },
          { field: 'priority', before: 0, after: 3 },
        ],
        comments: 1,
      },
      { id: sails, created: true, status: { before: null, after: 'ready' }, fields: [] },
    ]);
  });

  test('tells of attempts that began or ended, and not of those that only went on', async () => {
    const cli = commandLine();
    const [ending, going] = [await cli.create('Paint'), await cli.create('Rig')];
    await cli.run(['claim', ending]);
    await cli.run(['claim', going]);
    const from = await headOf(cli);
    await cli.run(['reclaim', ending, 'asleep']);
    await cli.run(['comment', going, 'still at it']);

    const { tasks } = await cli.json(['diff', '--at', `${from}`]);

    expect(tasks).toMatchObject([
      { id: ending, runs: [{ attempt: 1, outcome: 'reclaimed' }] },
      { id: going, status: { before: 'running', after: 'running' }, runs: [], comments: 1 },
    ]);
  });

  test('says the same in words, none wider than the terminal', async () => {
    const cli = commandLine();
    const task = await cli.create(`Paint ${'the hull '.repeat(15)}`);
    await cli.run(['edit', task, '--body', 'x'.repeat(500), '--priority', '2']);

    const { stdout } = await cli.run(['diff', '--at', '2'], { isTerminal: true, columns: 60 });

    expect(stdout).toContain('1 edited');
    expect(stdout).toContain('priority: 0 → 2');
    for (const line of stripVTControlCharacters(stdout).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(60);
    }
  });

  test('ends now when one moment is named', async () => {
    const cli = commandLine();
    await cli.create('Paint');
    await cli.create('Rig');

    expect((await cli.json(['diff', '--at', '2'])).counts.created).toBe(1);
    expect((await cli.json(['--at', '2', 'diff'])).counts.created).toBe(1);
  });
});

describe('diff of two attempts', () => {
  test('puts them side by side', async () => {
    const cli = commandLine();
    const task = await cli.create('Paint');
    const [one = '', other = ''] = await twoAttempts(cli, task);

    const found = await cli.json(['diff', one, other]);

    expect(found).toMatchObject({
      a: { id: one, attempt: 1, outcome: 'reclaimed' },
      b: { id: other, attempt: 2, outcome: null },
      split: { phase: 'ended', a: 'was reclaimed', b: 'still open' },
    });
    const { stdout } = await cli.run(['diff', one, other]);
    expect(stdout).toContain('they part at the end: try 1 was reclaimed, try 2 still open');
  });

  test('compares attempts at different tasks', async () => {
    const cli = commandLine();
    const [one = ''] = await twoAttempts(cli, await cli.create('Paint'));
    const [other = ''] = await twoAttempts(cli, await cli.create('Rig'));

    const { differences } = await cli.json(['diff', one, other]);

    expect(differences).toMatchObject([{ fact: 'task' }]);
  });
});

describe('diff refuses', () => {
  const run = 'R-000000000000';

  test.each([
    [['diff'], 'usage', exitCodes.usage],
    [['diff', '--at', '1', '--at', '2', '--at', '3'], 'usage', exitCodes.usage],
    [['diff', '--at', '2', '--at', '1'], 'range_swapped', exitCodes.usage],
    [['diff', '--at', '2', '--at', '2'], 'range_empty', exitCodes.not_found],
    [['diff', '--at', '1', '--at', '99'], 'beyond_head', exitCodes.not_found],
    [['diff', '--at', '-900h'], 'before_first_event', exitCodes.not_found],
    [['diff', run], 'usage', exitCodes.usage],
    [['diff', run, run], 'usage', exitCodes.usage],
    [['diff', run, 'R-00000000000A'], 'no_such_run', exitCodes.not_found],
    [['diff', run, 'T-0000000001'], 'usage', exitCodes.usage],
    [['diff', run, 'R-00000000000A', '--at', '1'], 'usage', exitCodes.usage],
  ])('%j with %s', async (argv, code, exit) => {
    const cli = commandLine();
    await cli.create('Paint');

    expect(await cli.json(argv, { exit })).toMatchObject({ error: { code } });
  });
});
