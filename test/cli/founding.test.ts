/** A new board: what is said about it, and what is suggested next. */
import { describe, expect, test } from 'vitest';
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
});
