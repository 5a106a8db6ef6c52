/** `logboard guard`: 0 lets a worker begin, 4 does not, and nothing that is missing lets it in. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Crew, hire, withEnvironment } from './a-crew.ts';
import type { CommandLine } from './command-line.ts';

/** What every “no” looks like: exit code 4, nothing on stdout, one line on stderr. */
const turnedAway = {
  exit: 4,
  stdout: '',
  stderr: expect.stringMatching(/^logboard guard: not mine: [^\n]+\n$/),
};

/** The refusals that a board keeps, in its own words. */
async function refusals(cli: CommandLine, ...place: readonly string[]): Promise<unknown[]> {
  const { stdout } = await cli.run(['events', '--json', ...place]);
  const events = stdout.split('\n').filter((line) => line !== '');
  return events.map((line) => JSON.parse(line)).filter(({ type }) => type === 'WriteRefused');
}

describe('the guard', () => {
  test('lets the worker of the run that holds its task begin, as often as it asks', async () => {
    const { cli, task, run, given } = await hire();

    expect(await cli.run(['guard'], given)).toEqual({
      exit: 0,
      stdout: `${run} holds ${task}: go on\n`,
      stderr: '',
    });
    expect(await cli.json(['guard'], given)).toEqual({
      mine: true,
      taskId: task,
      runId: run,
      attempt: 1,
      because: null,
      reason: null,
    });
  });

  test('turns a worker away whose run was taken: one line, one entry, no failure', async () => {
    const { cli, task, run, given } = await hire();
    await cli.run(['reclaim', task, 'too', 'slow']);

    const ran = await cli.run(['guard'], given);

    expect(ran).toEqual(turnedAway);
    expect(ran.stderr).toContain('reclaimed: too slow (by kai)');
    expect(await refusals(cli)).toMatchObject([
      { stream: `refused-${task}`, data: { runId: run, attempted: 'StartWorker' } },
    ]);
    expect(await cli.json(['show', task])).toMatchObject({ status: 'ready', failures: 0 });
  });

  test('says to programs why, and says it in the log all the same', async () => {
    const { cli, task, run, given } = await hire();
    await cli.run(['archive', task]);

    const { exit, stdout, stderr } = await cli.run(['guard', '--json'], given);

    expect({ exit, stderr }).toMatchObject({ exit: 4, stderr: turnedAway.stderr });
    expect(JSON.parse(stdout)).toEqual({
      mine: false,
      taskId: task,
      runId: run,
      attempt: null,
      because: 'stale_run',
      reason: expect.stringContaining('over'),
    });
  });

  test('turns the worker of an earlier attempt away, and lets its successor begin', async () => {
    const crew = await hire();
    await crew.cli.run(['reclaim', crew.task]);
    await crew.cli.run(['claim', crew.task]);

    expect(await crew.cli.run(['guard'], crew.given)).toEqual(turnedAway);
  });
});

describe('what a worker is not told rightly', () => {
  const values: readonly (readonly [string, (crew: Crew) => string | undefined])[] = [
    ['absent', () => undefined],
    ['empty', () => ''],
    ['a blank', () => ' '],
    ['nonsense', () => 'nonsense\u0007\nof two lines'],
    ['a path to nothing', () => '/nowhere/at/all'],
    ['a directory', ({ cli }) => cli.directory],
    ['a file with something else in it', ({ cli }) => join(cli.directory, 'other')],
    ['the id of a task that is not there', () => 'T-0000000000'],
    ['the id of a run that is not there', () => 'R-000000000000'],
    ['the id of another task', ({ other }) => other.task],
    ['the id of another run', ({ other }) => other.run],
    ['a device without an end', () => '/dev/zero'],
    ['a pipe that nobody writes to', ({ cli }) => join(cli.directory, 'pipe')],
    ['far too long', () => 'R-'.padEnd(100_000, '0')],
  ];
  const names = ['LOGBOARD_RUN', 'LOGBOARD_TASK', 'LOGBOARD_BOARD', 'LOGBOARD_RUN_TOKEN_FILE'];
  const cases = names.flatMap((name) => values.map(([what, make]) => [name, what, make] as const));

  test.each(cases)('%s: %s means “not mine”, and changes nothing', async (name, _, make) => {
    const crew = await hire();
    const { cli, task, run } = crew;
    writeFileSync(join(cli.directory, 'other'), 'guess');
    execFileSync('mkfifo', [join(cli.directory, 'pipe')]);
    const before = await cli.json(['show', task]);

    const ran = await cli.run(['guard'], withEnvironment(crew, { [name]: make(crew) }));

    expect(ran).toEqual(turnedAway);
    expect(await cli.json(['show', task])).toMatchObject({
      status: 'running',
      failures: 0,
      runs: before.runs,
    });
    // Where run and board make sense, it is known whose entry this is.
    const isKnown = name === 'LOGBOARD_TASK' || name === 'LOGBOARD_RUN_TOKEN_FILE';
    if (isKnown) expect(await refusals(cli)).toMatchObject([{ data: { runId: run } }]);
  });

  test('names what is wrong', async () => {
    const crew = await hire();
    const lineFor = async (changes: Readonly<Record<string, string | undefined>>) =>
      (await crew.cli.run(['guard'], withEnvironment(crew, changes))).stderr;

    expect(await lineFor({ LOGBOARD_RUN: undefined })).toMatch('LOGBOARD_RUN is not set.');
    expect(await lineFor({ LOGBOARD_TASK: 'T-1' })).toMatch('LOGBOARD_TASK is not a task id.');
    expect(await lineFor({ LOGBOARD_BOARD: 'A B' })).toMatch('LOGBOARD_BOARD names no board.');
    expect(await lineFor({ LOGBOARD_RUN_TOKEN_FILE: '/nowhere' })).toMatch(
      'LOGBOARD_RUN_TOKEN_FILE names no readable file.',
    );
  });

  test('is not mine with nothing at all: a person is no worker', async () => {
    const { cli } = await hire();

    expect(await cli.run(['guard'])).toEqual(turnedAway);
    expect(await refusals(cli)).toEqual([]);
  });

  test('does not touch the other board it names', async () => {
    const crew = await hire();
    const { cli } = crew;
    await cli.run(['--board', './quay', 'create', 'Scrape the keel']);
    const setting = withEnvironment(crew, { LOGBOARD_BOARD: join(cli.directory, 'quay') });
    const events = async () => (await cli.run(['events', '--board', './quay'])).stdout;
    const before = await events();

    expect(await cli.run(['guard'], setting)).toEqual(turnedAway);
    expect(await events()).toBe(before);
  });

  test('makes no board where there is none', async () => {
    const crew = await hire();
    const empty = join(crew.cli.directory, 'empty');
    mkdirSync(empty);
    const setting = withEnvironment(crew, { LOGBOARD_BOARD: empty });

    expect(await crew.cli.run(['guard'], setting)).toEqual(turnedAway);
    await crew.cli.json(['list', '--board', empty], { exit: 3 });
  });
});
