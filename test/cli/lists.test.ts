/** Lists: what is in them, in what order, and how much of it. */
import { describe, expect, test } from 'vitest';
import { openBoardAt } from '../../src/main.ts';
import { type CommandLine, commandLine } from './command-line.ts';

async function titles(cli: CommandLine, ...options: readonly string[]): Promise<string[]> {
  const tasks = await cli.json<{ title: string }[]>(['list', ...options]);
  return tasks.map((task) => task.title);
}

/** Six tasks that differ in everything a list can ask for. */
async function harbour(): Promise<CommandLine> {
  const cli = commandLine();
  await cli.create('anchor', '--assignee', 'docks', '--tenant', 'north', '--priority', '1');
  const bollard = await cli.create('bollard', '--assignee', 'kai', '--priority', '9');
  await cli.create(
    'crane',
    '--parent',
    bollard,
    '--workflow-template-id',
    'refit',
    '--step-key',
    's',
  );
  await cli.create('dock', '--initial-status', 'blocked', '--created-by', 'ada');
  await cli.create('engine', '--at', '2h');
  await cli.run(['archive', await cli.create('flag')]);
  return cli;
}

describe('a list', () => {
  test.each([
    [[], ['anchor', 'bollard', 'crane', 'dock', 'engine']],
    [['--archived'], ['anchor', 'bollard', 'crane', 'dock', 'engine', 'flag']],
    [
      ['--status', 'ready,blocked'],
      ['anchor', 'bollard', 'dock'],
    ],
    [['--status', 'todo'], ['crane']],
    [['--status', 'archived'], ['flag']],
    [['--ready'], ['bollard', 'anchor']],
    [['--ready', '--assignee', 'docks'], ['anchor']],
    [
      ['--assignee', 'none'],
      ['crane', 'dock', 'engine'],
    ],
    [['--mine'], ['bollard']],
    [['--tenant', 'north'], ['anchor']],
    [['--created-by', 'ada'], ['dock']],
    [['--workflow-template-id', 'refit'], ['crane']],
    [['--step-key', 's'], ['crane']],
    [
      ['--sort', 'created-desc'],
      ['engine', 'dock', 'crane', 'bollard', 'anchor'],
    ],
    [
      ['--sort', 'priority-desc', '--limit', '2'],
      ['bollard', 'anchor'],
    ],
    [['--sort', 'title', '--limit', '1'], ['anchor']],
    [['--tenant', 'nowhere'], []],
  ])('with %j holds %j', async (options, expected) => {
    expect(await titles(await harbour(), ...options)).toEqual(expected);
  });

  test('shows people fifty tasks and says how many more there are', async () => {
    const cli = commandLine();
    await cli.create('0');
    const place = { access: 'write', policy: undefined } as const;
    const board = await openBoardAt(`${cli.directory}/.logboard`, place);
    const commands = board.as({ actor: { kind: 'human', id: 'kai' }, surface: 'sdk' });
    const assignee = 'docks';
    await Promise.all(
      Array.from({ length: 59 }, (_, n) => commands.create({ title: `${n + 1}`, assignee })),
    );
    await board.close();

    const all = await cli.run(['list']);
    const some = await cli.run(['list', '--assignee', 'docks', '--limit', '10']);
    const few = await cli.run(['list', '--tenant', 'x']);

    expect(all.stdout.trimEnd().split('\n')).toHaveLength(51);
    expect(all.stderr).toContain('10 more');
    expect(some.stderr).toContain('49 more');
    expect(few).toMatchObject({ stdout: '', stderr: expect.stringContaining('No tasks') });
    expect(await titles(cli)).toHaveLength(60);
  });

  test('for people begins with the id and says the status in words and a glyph', async () => {
    const cli = commandLine();
    const task = await cli.create('Paint', '--assignee', 'docks');

    const { stdout } = await cli.run(['ls']);

    expect(stdout).toBe(
      [
        'ID            STATUS   TITLE  ASSIGNEE  TRY  AGE',
        `${task}  ▸ ready  Paint  docks       –   0s`,
        '',
      ].join('\n'),
    );
  });
});

describe('a search', () => {
  test('finds words in all texts, beginnings of words, and ids', async () => {
    const cli = commandLine();
    const hull = await cli.create('Paint the hull', '--body', 'with anti-fouling');
    await cli.create('Caulk the deck');

    const found = async (...words: readonly string[]) =>
      (await cli.json<{ id: string }[]>(['search', ...words])).map((task) => task.id);
    expect(await found('paint', 'hull')).toEqual([hull]);
    expect(await found('anti-foul')).toEqual([hull]);
    expect(await found(hull.toLowerCase())).toEqual([hull]);
    expect(await found('"; DROP TABLE', '*')).toEqual([]);
  });
});

describe('figures', () => {
  test('count by status and assignee', async () => {
    const stats = await (await harbour()).json(['stats']);

    expect(stats).toMatchObject({
      total: 6,
      byStatus: { ready: 2, waiting: 1, blocked: 1, scheduled: 1, archived: 1 },
      byAssignee: { docks: { ready: 1 }, kai: { ready: 1 } },
    });
  });
});
