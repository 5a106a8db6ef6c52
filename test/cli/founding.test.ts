/** A new board: what is said about it, and what is suggested next. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../kit/eventually.ts';
import { commandLine } from './command-line.ts';

describe('what init suggests next', () => {
  const suggested = (stderr: string) => stderr.match(/logboard(?= |$).*(?=create|serve)/gm);

  test('names the board that was chosen, so that the first task lands in it', async () => {
    const cli = commandLine();

    const release = await cli.run(['init', '--board', 'release']);
    const strange = await cli.run(['init', '--board', "./kai's board"]);

    const here = 'logboard --board release ';
    expect(suggested(release.stderr)).toEqual([here, here]);
    expect(strange.stderr).toContain(`logboard --board './kai'\\''s board' serve`);
  });

  test.each([
    ['that of the folder', [], {}],
    ['that of the folder by its path', ['--board', './.logboard'], {}],
    ['that of the environment', [], { LOGBOARD_BOARD: 'release' }],
  ])('needs no flag for %s', async (_what, flags, environment) => {
    const { stderr } = await commandLine().run(['init', ...flags], { environment });

    expect(suggested(stderr)).toEqual(['logboard ', 'logboard ']);
  });

  test('ends with a done task when it is followed word by word', { timeout: 60_000 }, async () => {
    const cli = commandLine();
    const { stderr } = await cli.run(['init']);
    const [, title = '', assignee = ''] = /create "(.+)" --assignee (\w+)/.exec(stderr) ?? [];
    const [config = ''] = /workers: .*/.exec(stderr) ?? [];
    writeFileSync(join(cli.directory, 'logboard.yaml'), config);
    const taskId = await cli.create(title, '--assignee', assignee);
    const stopping = new AbortController();
    const serving = cli.run(['serve', '--port', '0'], { stopped: stopping.signal });

    const status = async () => (await cli.json(['show', taskId])).status;
    await eventually('the task is done', async () => (await status()) === 'done', 20_000);

    stopping.abort();
    expect((await serving).exit).toBe(0);
  });
});

describe('a board that is made on the way', () => {
  /** A folder below one that has a board. */
  async function below() {
    const above = commandLine();
    await above.run(['init']);
    const directory = join(above.directory, 'sub');
    mkdirSync(directory);
    return commandLine(directory);
  }

  test('is told once, with the one above that may be meant', async () => {
    const cli = await below();

    const first = await cli.run(['create', 'x']);
    const second = await cli.run(['create', 'y']);

    expect(first.stderr).toBe(
      `created the board “sub” in ${join(cli.directory, '.logboard')}; ` +
        'there is one above: use it with --board ../.logboard\n',
    );
    expect(second.stderr).toBe('');
  });

  test('is told by serve as well', async () => {
    const { stderr } = await (await below()).run(['serve', '--no-dispatch', '--port', '0'], {
      stopped: AbortSignal.abort(),
    });

    expect(stderr).toMatch(/^created the board “sub” in .+ --board \.\.\/\.logboard$/m);
  });

  test('is told alone where it was chosen', async () => {
    const { stderr } = await (await below()).run(['create', 'x', '--board', './mine']);

    expect(stderr).toMatch(/^created the board “mine” in .+\/mine\n$/);
  });

  test('is no talk among documents', async () => {
    expect(await (await below()).run(['create', 'x', '--json'])).toMatchObject({ stderr: '' });
  });
});
