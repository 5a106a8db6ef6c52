/** Bad input: a clear sentence, the exit code of the table, and nothing half-written. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { metadataBytesMax } from '../../src/domain/limits.ts';
import { commandLine } from './command-line.ts';
import { openStage, type Scene } from './scenarios.ts';

type Bad = readonly [
  what: string,
  line: (scene: Scene) => readonly string[],
  code: string,
  exit: number,
];

const nobody = 'T-0000000000';
const deep = `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`;
const complete = (metadata: string) => (scene: Scene) => [
  'complete',
  scene.task,
  '--metadata',
  metadata,
];

const bad: readonly Bad[] = [
  ['an empty title', () => ['create', ''], 'invalid', 2],
  ['a blank title', () => ['create', ' \t '], 'invalid', 2],
  ['a title of two lines', () => ['create', 'one\ntwo'], 'invalid', 2],
  ['a NUL in a title', () => ['create', 'a\0b'], 'invalid', 2],
  ['an escape in a title', () => ['create', 'a\x1b[31mb'], 'invalid', 2],
  ['a title beyond its limit', () => ['create', 'x'.repeat(501)], 'invalid', 2],
  ['a NUL in a body', () => ['create', 'x', '--body', 'a\0b'], 'invalid', 2],
  [
    'a body beyond its limit',
    () => ['create', 'x', '--body', 'x'.repeat(1024 * 1024 + 1)],
    'invalid',
    2,
  ],
  ['a body from nowhere', () => ['create', 'x', '--body-file', 'missing.md'], 'usage', 2],
  ['a body from a directory', () => ['create', 'x', '--body-file', '.'], 'usage', 2],
  ['two bodies', () => ['create', 'x', '--body', 'a', '--body-file', '-'], 'usage', 2],
  ['a relative directory', () => ['create', 'x', '--workspace', 'dir:here'], 'usage', 2],
  [
    'a directory that climbs',
    () => ['create', 'x', '--workspace', 'dir:/srv/../etc'],
    'invalid',
    2,
  ],
  ['a dir without a path', () => ['create', 'x', '--workspace', 'dir'], 'invalid', 2],
  ['an unknown workspace', () => ['create', 'x', '--workspace', 'cloud'], 'usage', 2],
  ['an assignee with a slash', () => ['create', 'x', '--assignee', '../build'], 'invalid', 2],
  ['a priority in words', () => ['create', 'x', '--priority', 'high'], 'usage', 2],
  ['a priority beyond its range', () => ['create', 'x', '--priority', '1000001'], 'invalid', 2],
  ['no retries at all', () => ['create', 'x', '--max-retries', '0'], 'usage', 2],
  ['no runtime at all', () => ['create', 'x', '--max-runtime', '0'], 'invalid', 2],
  ['an unknown parent', () => ['create', 'x', '--parent', nobody], 'no_such_parent', 3],
  ['a parent that is a path', () => ['create', 'x', '--parent', '../../etc'], 'usage', 2],
  ['a parent from an unset variable', () => ['create', 'x', '--parent', ''], 'usage', 2],
  ['a parent of nothing but a comma', () => ['create', 'x', '--parent', ','], 'usage', 2],
  [
    'one unset variable among the parents',
    ({ task }) => ['create', 'x', '--parent', `${task},`],
    'usage',
    2,
  ],
  ['a skill from an unset variable', () => ['create', 'x', '--skill', ' '], 'usage', 2],
  ['an assignee from an unset variable', () => ['create', 'x', '--assignee', ''], 'usage', 2],
  ['a claim for an unset variable', () => ['claim', '--assignee', ''], 'usage', 2],
  ['a list for an unset variable', () => ['list', '--assignee', ''], 'usage', 2],
  ['an assignment to an unset variable', ({ task }) => ['assign', task, ''], 'usage', 2],
  ['an unknown first status', () => ['create', 'x', '--initial-status', 'running'], 'usage', 2],
  ['a time that is none', () => ['create', 'x', '--at', 'tomorrow'], 'usage', 2],
  ['a date that is none', () => ['create', 'x', '--at', '2026-02-31'], 'usage', 2],
  ['two titles', () => ['create', 'x', 'y'], 'usage', 2],
  ['an unknown option', () => ['create', 'x', '--asignee', 'build'], 'usage', 2],
  ['an unknown verb', () => ['crate', 'x'], 'usage', 2],
  ['an unknown task', () => ['assign', nobody, 'build'], 'no_such_task', 3],
  ['an unknown run', () => ['complete', '--run', 'R-000000000000'], 'no_such_run', 3],
  ['an id that climbs', () => ['show', '../../../etc/passwd'], 'usage', 2],
  ['an id with a NUL', () => ['show', 'T-0A1B2C3D4\0'], 'usage', 2],
  ['an id with a slash', () => ['log', 'R-0A1B2C/D4E5F'], 'usage', 2],
  ['a board that is no name', () => ['list', '--board', 'No Such Board'], 'usage', 2],
  ['a board that is not there', () => ['list', '--board', 'elsewhere'], 'no_such_board', 3],
  ['a board in a file', () => ['create', 'x', '--board', './logboard.yaml/board'], 'ENOTDIR', 2],
  ['an unknown status', () => ['list', '--status', 'ready,don'], 'usage', 2],
  ['an unknown order', () => ['list', '--sort', 'size'], 'usage', 2],
  ['its own parent', ({ task }) => ['link', task, task], 'self_parent', 2],
  ['a circle', ({ task, child }) => ['link', child, task], 'cycle', 6],
  ['metadata that is no JSON', complete('{coats: 2}'), 'usage', 2],
  ['metadata that is a list', complete('[1]'), 'usage', 2],
  ['metadata that is a word', complete('"two"'), 'usage', 2],
  ['metadata too deep', complete(deep), 'usage', 2],
  ['metadata with a prototype', complete('{"__proto__":{"a":1}}'), 'usage', 2],
  ['metadata too large', complete(`{"a":"${'x'.repeat(metadataBytesMax)}"}`), 'usage', 2],
  ['a comment of nothing', ({ task }) => ['comment', task, ' '], 'invalid', 2],
  [
    'a comment beyond its limit',
    ({ task }) => ['comment', task, 'x'.repeat(64 * 1024 + 1)],
    'invalid',
    2,
  ],
  ['a block without a reason', ({ task }) => ['block', task], 'usage', 2],
  ['an edit of nothing', ({ task }) => ['edit', task], 'usage', 2],
  ['an unknown field to clear', ({ task }) => ['edit', task, '--clear', 'titel'], 'usage', 2],
  ['an importance in words', () => ['timeline', '--importance', 'abc'], 'usage', 2],
  ['an importance below the least', () => ['timeline', '--importance', '0'], 'usage', 2],
  ['an importance above the most', () => ['timeline', '--importance', '4'], 'usage', 2],
  ['a backup from nowhere', () => ['restore', '/nope', '--board', 'x'], 'no_backup', 2],
  ['a review without a verdict', ({ task }) => ['review', task], 'usage', 2],
  ['two verdicts', ({ task }) => ['review', task, '--approve', '--reject'], 'usage', 2],
  ['a schedule without a time', ({ task }) => ['schedule', task], 'usage', 2],
  ['a claim of nothing', () => ['claim'], 'usage', 2],
  ['a lease of no length', ({ task }) => ['claim', task, '--ttl', '0'], 'invalid', 2],
  ['a name of two lines', () => ['create', 'x', '--as', 'kai\nroot'], 'usage', 2],
];

describe('bad input', async () => {
  const createScene = await openStage();

  test.each(bad)('%s is refused, and nothing is written', async (_what, line, code, exit) => {
    const scene = createScene();
    const before = await scene.cli.json(['stats']);

    const { error } = await scene.cli.json([...line(scene)], { exit });

    expect(error.code).toBe(code);
    expect(error.message).toMatch(/[.?!]$/);
    expect(error.hint).not.toBe('');
    expect(await scene.cli.json(['stats'])).toEqual({
      ...before,
      at: expect.anything(),
      oldestReadyAgeMs: expect.anything(),
    });
  });

  test.each([
    [['create', 'x', '--parent', '']],
    [['create', 'x', '--parent', ',']],
    [['claim', '--assignee', '']],
    [['assign', nobody, '']],
  ])('that an unset variable left empty is told so: %j', async (line) => {
    const { exit, stderr } = await createScene().cli.run(line);

    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringMatching(/ empty: is a variable unset\?/),
    });
  });

  test('that a board refuses does not even make one', async () => {
    const cli = commandLine();

    await cli.json(['create', ''], { exit: 2 });

    expect(existsSync(join(cli.directory, '.logboard'))).toBe(false);
  });

  test.each([
    ['list', ['list', '--status', 'redy'], 'ready'],
    ['a verb', ['lst'], 'list'],
    ['an option', ['create', 'x', '--asignee', 'y'], '--assignee'],
    ['a setting', ['config', 'get', 'claimTTL'], 'claimTtlMs'],
    ['a kind of event', ['watch', '--kinds', 'TaskComplete'], 'TaskCompleted'],
  ])('with a slip in %s is answered with the word that was meant', async (_what, line, meant) => {
    const { error } = await createScene().cli.json(line, { exit: 2 });

    expect(error.hint).toContain(meant);
  });
});

describe('a body file', () => {
  test('is read as UTF-8, or standard input is', async () => {
    const cli = commandLine();
    writeFileSync(join(cli.directory, 'brief.md'), '# Brief\n\n– all of it –\n');

    const fromFile = await cli.json(['create', 'x', '--body-file', 'brief.md']);
    const fromStdin = await cli.json(['create', 'y', '--body-file', '-'], { stdin: 'typed\n' });

    expect([fromFile.body, fromStdin.body]).toEqual(['# Brief\n\n– all of it –\n', 'typed\n']);
  });

  test('that is no text is refused', async () => {
    const cli = commandLine();
    writeFileSync(join(cli.directory, 'picture.png'), Buffer.from([0x89, 0x50, 0xff, 0xfe]));

    const { error } = await cli.json(['create', 'x', '--body-file', 'picture.png'], { exit: 2 });

    expect(error.message).toContain('picture.png');
  });
});

describe('a configuration', () => {
  test('with an unknown key is refused with its line and the nearest one', async () => {
    const cli = commandLine();
    writeFileSync(join(cli.directory, 'logboard.yaml'), 'maxRunning: 2\nclaimTtl: 5m\n');

    const { error } = await cli.json(['create', 'x'], { exit: 2 });

    expect(error).toMatchObject({ code: 'bad_config', hint: 'Did you mean claimTtlMs?' });
    expect(error.message).toContain('logboard.yaml:2');
    expect(existsSync(join(cli.directory, '.logboard'))).toBe(false);
  });

  test.each([
    [['create', 'x']],
    [['config', 'list', '--origin']],
    [['serve', '--max-running', '2']],
  ])('with a crash grace that is no number warns once and goes on: %j', async (argv) => {
    const cli = commandLine();
    const environment = { LOGBOARD_CRASH_GRACE_SECONDS: '-1' };

    const { exit, stderr } = await cli.run(argv, { environment, stopped: AbortSignal.abort() });

    expect(exit).toBe(0);
    expect(stderr.match(/LOGBOARD_CRASH_GRACE_SECONDS/g)).toHaveLength(1);
  });

  test('says by which of its names the crash grace was set', async () => {
    const cli = commandLine();
    const environment = { LOGBOARD_CRASH_GRACE_SECONDS: '7' };

    const { stdout, stderr } = await cli.run(['config', 'list', '--origin'], { environment });

    expect(stdout).toMatch(/crashGraceMs +7000 +environment +LOGBOARD_CRASH_GRACE_SECONDS/);
    expect(stderr).not.toContain('LOGBOARD_CRASH_GRACE');
  });

  test('does not stand in the way of reading', async () => {
    const cli = commandLine();
    await cli.create('x');
    writeFileSync(join(cli.directory, 'logboard.yaml'), 'nonsense: 1\n');

    expect(await cli.json(['list'])).toHaveLength(1);
  });
});

test('a directory that others may write to is no place for a board', async () => {
  const cli = commandLine();
  const open = join(cli.directory, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);

  const { error } = await cli.json(['create', 'x', '--board', './open'], { exit: 7 });

  expect(error.code).toBe('unsafe_permissions');
});

test.each([
  ['incident', 'open'],
  ['audit', 'check'],
])('%s %s asks for its file', async (...line) => {
  const { exit, stderr } = await commandLine().run(line);

  expect({ exit, stderr }).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('takes a file'),
  });
});

test('what is refused is said in words, with the names of the fields', async () => {
  const { stderr } = await commandLine().run(['create', '', '--priority', '1000001']);

  expect(stderr).toContain('Cannot accept title: must not be empty.');
  expect(stderr).toContain('; priority must be at most 1000000\n');
  expect(stderr).not.toMatch(/expected|[[{]/);
});
