/** What people see: it fits their terminal, and nothing in it steers. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { manifest } from '../../src/cli/manifest.ts';
import { widthOf } from '../../src/cli/width.ts';
import { openStage, scenarios } from './scenarios.ts';

/** Verbs that print what is meant for programs, and paths that nobody can cut. */
const unfitting = new Set([
  'completion',
  'events',
  'backup',
  'boards',
  'doctor',
  'incident',
  'init',
  'restore',
]);
const verbs = manifest.map(({ name }) => name);

describe('for people', async () => {
  const createScene = await openStage();

  test.each(verbs)('%s speaks in plain lines', async (verb) => {
    const { done, setting, exit = 0 } = scenarios[verb]!;
    const scene = createScene();
    const line = await done(scene);

    const usual = { isTerminal: true, columns: 80 };
    const ran = await scene.cli.run(line, { ...usual, ...(await setting?.(scene)) });

    expect(ran).toMatchObject({ exit });
    const lines = stripVTControlCharacters(ran.stdout).split('\n');
    expect(lines.filter((each) => /[\p{Cc}\p{Cf}]/u.test(each))).toEqual([]);
    if (!unfitting.has(verb)) expect(lines.filter((each) => widthOf(each) > 80)).toEqual([]);
  });

  test.each(verbs)('a no to %s says what, why, and what to do, on stderr', async (verb) => {
    const scene = createScene();
    const line = await scenarios[verb]!.refused(scene);

    const { stdout, stderr } = await scene.cli.run(line, { columns: 80 });

    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .+[.?!]\n {2}why: .+\n {3}do: .+\n$/);
  });

  test('a title of any length and script stays within the line', async () => {
    const { cli } = createScene();
    const task = await cli.create('船体を塗る and then the deck, '.repeat(12).trim());
    const child = await cli.create('x', '--parent', task);
    const lines = [
      ['list'],
      ['claim', task],
      ['show', task],
      ['show', child],
      ['block', task, 'y'],
    ];

    for (const line of [...lines, ['search', 'deck'], ['timeline']]) {
      const { stdout } = await cli.run(line, { isTerminal: true, columns: 80 });
      const printed = stripVTControlCharacters(stdout).split('\n');
      const isTitleLine = (each: string) => each.includes('…');
      expect(printed.filter((each) => isTitleLine(each) && widthOf(each) > 80)).toEqual([]);
      expect(printed.some(isTitleLine)).toBe(true);
    }
  });

  test('colours are for a terminal, not for a pipe, NO_COLOR or --no-color', async () => {
    const { cli } = createScene();
    const coloured = (argv: readonly string[], environment = {}) =>
      cli.run(argv, { isTerminal: true, columns: 80, environment });

    expect((await coloured(['list'])).stdout).toContain('\x1b[');
    expect((await coloured(['list', '--no-color'])).stdout).not.toContain('\x1b[');
    expect((await coloured(['list'], { NO_COLOR: '1' })).stdout).not.toContain('\x1b[');
    expect((await cli.run(['list'])).stdout).not.toContain('\x1b[');
  });
});
