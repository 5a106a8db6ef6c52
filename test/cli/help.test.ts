/** Help, completion and the list of verbs. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { manifest } from '../../src/cli/manifest.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { commandLine } from './command-line.ts';

/** The verbs that were promised. */
const promised = `init create list show edit assign link unlink claim heartbeat comment complete
  block unblock release schedule promote archive reopen reclaim reassign review runs log context
  tail watch events stats assignees search dispatch serve boards config gc verify rebuild backup
  doctor completion version guard diagnostics forget`.split(/\s+/);

describe('the command line', () => {
  test('has every verb that was promised', () => {
    expect(manifest.map(({ name }) => name)).toEqual(expect.arrayContaining(promised));
  });

  test('lists its verbs in groups when nothing is asked of it', async () => {
    const { exit, stdout } = await commandLine().run([]);

    expect(exit).toBe(0);
    for (const { name, summary } of manifest)
      expect(stdout).toContain(summary.slice(0, 20) && name);
    expect(stdout).toMatch(/^Tasks:$/m);
  });

  test.each([['--json'], ['--json', '--board', './a'], ['--board', './a', '--json']])(
    'without a verb is no question, in JSON as well: %s',
    async (...options) => {
      const { error } = await commandLine().json(options, { exit: 2 });

      expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('No verb') });
      expect(error.hint).toContain('logboard --help');
      const words = options.filter((option) => option !== '--json');
      if (words.length === 0) return;
      expect(await commandLine().run(words)).toMatchObject({
        exit: 2,
        stdout: '',
        stderr: expect.stringMatching(/^error: No verb/),
      });
    },
  );

  test('says its version', async () => {
    const cli = commandLine();

    expect((await cli.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await cli.run(['version'])).stdout).toContain(process.versions.node);
  });

  test('takes its own options before and after the verb', async () => {
    const cli = commandLine();
    await cli.run(['--board', './a', 'create', 'x']);

    expect(JSON.parse((await cli.run(['--json', 'list', '--board', './a'])).stdout)).toHaveLength(
      1,
    );
    expect(JSON.parse((await cli.run(['--board=./a', 'ls', '--json'])).stdout)).toHaveLength(1);
  });

  test('takes help for a verb wherever its options stand', async () => {
    const { stdout: help } = await commandLine().run(['--help']);
    const { stdout: ofList } = await commandLine().run(['list', '--help']);

    expect((await commandLine().run(['--json', 'help'])).stdout).toBe(help);
    expect((await commandLine().run(['--board', 'a', 'help', 'list'])).stdout).toBe(ofList);
  });

  test('takes what follows -- as it is', async () => {
    expect(await commandLine().json(['create', '--assignee', 'a'], { exit: 2 })).toBeTruthy();

    const { stdout } = await commandLine().run(['create', '--', '--json']);
    expect(stdout).toMatch(/ready {2}--json\n$/);
  });
});

describe('the help of', () => {
  test.each(manifest.map(({ name, aliases }) => [name, aliases] as const))(
    '%s has examples that can be copied',
    async (name, aliases) => {
      const { exit, stdout, stderr } = await commandLine().run([name, '--help']);

      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: logboard /);
      const examples = stdout.slice(stdout.indexOf('Examples:'));
      const names = [name, ...aliases].join('|');
      expect(examples).toMatch(new RegExp(`^ {2}\\$ .*logboard (--\\S+ \\S+ )?(${names})\\b`, 'm'));
      expect((await commandLine().run(['help', name])).stdout).toBe(stdout);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );
});

describe('completion', () => {
  test('offers verbs, options and values in bash', async () => {
    const { stdout: script } = await commandLine().run(['completion', 'bash']);
    const file = join(tempDir(), 'completion.sh');
    writeFileSync(file, script);
    const complete = (...words: readonly string[]) => {
      const line = ['logboard', ...words].map((word) => `'${word}'`).join(' ');
      const program = [
        `source ${file}`,
        `COMP_WORDS=(${line})`,
        `COMP_CWORD=${words.length}`,
        '_logboard',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
        'printf "%s\\n" "${COMPREPLY[@]}"',
      ].join('\n');
      return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n');
    };

    expect(complete('re')).toEqual(
      expect.arrayContaining(['reassign', 'rebuild', 'release', 'reopen', 'review']),
    );
    expect(complete('list', '--s')).toEqual(expect.arrayContaining(['--status', '--sort']));
    expect(complete('--json', 'claim', '--a')).toEqual(expect.arrayContaining(['--assignee']));
    expect(complete('block', '--cause', 'needs')).toEqual(['needs_input']);
  });

  test.each(['zsh', 'fish'])('for %s names every verb', async (shell) => {
    const { stdout } = await commandLine().run(['completion', shell]);

    for (const { name } of manifest) expect(stdout).toContain(name);
  });
});
