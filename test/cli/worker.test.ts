/** Inside a worker: the command line acts as its run, for that run only, and shows its token. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hire, withEnvironment } from './a-crew.ts';

describe('a worker that names nothing', () => {
  test('beats, with a note and its progress', async () => {
    const { cli, task, run, given } = await hire();

    const beat = await cli.json(['heartbeat', '--progress', '40%', '--note', 'first coat'], given);

    expect(beat).toMatchObject({ taskId: task, runId: run, changed: true });
    const [seen] = await cli.json(['runs', task]);
    expect(seen).toMatchObject({ progress: 0.4, note: 'first coat', outcome: null });
  });

  test('completes its own run, and the hand-off is the task’s', async () => {
    const { cli, task, run, given } = await hire();

    await cli.json(['complete', '--summary', 'painted', '--metadata', '{"coats":2}'], given);

    expect(await cli.json(['show', task])).toMatchObject({
      status: 'done',
      summary: 'painted',
      metadata: { coats: 2 },
      runs: [{ id: run, outcome: 'completed', endedBy: { kind: 'worker', id: run } }],
    });
  });

  test('may say the same ending twice', async () => {
    const { cli, given } = await hire();
    await cli.json(['complete', '--summary', 'painted'], given);

    const again = await cli.json(['complete', '--summary', 'painted'], given);

    expect(again.changed).toBe(false);
  });

  test.each([
    ['block', ['block', 'which', 'colour?'], 'blocked'],
    ['release', ['release', 'the machine goes down'], 'scheduled'],
    ['ask for a review', ['complete', '--review'], 'review'],
  ])('can %s', async (_what, line, status) => {
    const { cli, task, given } = await hire();

    await cli.json(line, given);

    expect(await cli.json(['show', task])).toMatchObject({ status });
  });

  test('reads about its own task', async () => {
    const { cli, task, given } = await hire();

    expect((await cli.json(['show'], given)).id).toBe(task);
    expect((await cli.json(['context'], given)).taskId).toBe(task);
    expect(await cli.json(['runs'], given)).toHaveLength(1);
  });

  test('reads why the attempt before it was rejected', async () => {
    const { cli, task, given } = await hire();
    await cli.json(['complete', '--review', '--summary', 'painted'], given);
    await cli.json(['review', task, '--reject', 'page 3 is empty']);

    const { context } = await cli.json(['context', task]);

    expect(context).toContain(' rejected attempt 1:\n> page 3 is empty\n');
  });

  test('comments on its own task, with its run on the comment', async () => {
    const { cli, task, run, given } = await hire();

    const comment = await cli.json(['comment', 'the', 'primer', 'is', 'wet'], given);

    expect(comment).toMatchObject({ taskId: task, runId: run, author: run });
  });

  test('creates tasks in the name of its run, and comments anywhere', async () => {
    const { cli, run, other, given } = await hire();

    const child = await cli.json(['create', 'Sand it again'], given);
    const comment = await cli.json(['comment', other.task, 'mind the paint'], given);

    expect(child.createdBy).toBe(run);
    expect(comment).toMatchObject({ taskId: other.task, runId: run });
  });
});

describe('a worker that names its own run or task', () => {
  test('acts for it all the same', async () => {
    const { cli, task, run, given } = await hire();

    expect((await cli.json(['heartbeat', '--run', run, '--note', 'a'], given)).runId).toBe(run);
    expect((await cli.json(['complete', task], given)).runId).toBe(run);
  });
});

describe('a worker that reaches for more', () => {
  test.each([
    ['heartbeat', '--run'],
    ['complete', '--run'],
    ['block', 'because', '--run'],
    ['release', '--run'],
  ])('cannot %s another run', async (...words) => {
    const { cli, other, given } = await hire();

    const { error } = await cli.json([...words, other.run], { ...given, exit: 7 });

    expect(error.code).toBe('token_invalid');
    expect(await cli.json(['show', other.task])).toMatchObject({ status: 'running' });
  });

  test('cannot complete or block another task, not even as an operator would', async () => {
    const { cli, other, given } = await hire();

    await cli.json(['complete', other.task], { ...given, exit: 7 });
    await cli.json(['block', other.task, 'mine'], { ...given, exit: 7 });

    expect(await cli.json(['show', other.task])).toMatchObject({ status: 'running' });
  });

  test('cannot act with the wrong token, and the attempt is on record', async () => {
    const crew = await hire();
    const forged = join(crew.cli.directory, 'forged');
    writeFileSync(forged, 'guess');
    const setting = withEnvironment(crew, { LOGBOARD_RUN_TOKEN_FILE: forged });

    const { error } = await crew.cli.json(['complete'], { ...setting, exit: 7 });

    expect(error.code).toBe('token_invalid');
    const story = await crew.cli.json(['timeline', crew.task, '--importance', '3']);
    expect(story).toContainEqual(expect.objectContaining({ type: 'WriteRefused' }));
  });

  test('cannot act without its token', async () => {
    const crew = await hire();
    const gone = withEnvironment(crew, { LOGBOARD_RUN_TOKEN_FILE: '/nowhere/token' });
    const none = withEnvironment(crew, { LOGBOARD_RUN_TOKEN_FILE: '' });

    await crew.cli.json(['heartbeat', '--note', 'x'], { ...gone, exit: 7 });
    await crew.cli.json(['heartbeat', '--note', 'x'], { ...none, exit: 7 });
  });

  test('is nobody with a malformed run', async () => {
    const crew = await hire();
    const setting = withEnvironment(crew, { LOGBOARD_RUN: 'R-1' });

    await crew.cli.json(['complete'], { ...setting, exit: 2 });
    await crew.cli.json(['create', 'x'], { ...setting, exit: 2 });
  });
});

describe('a worker whose run was taken', () => {
  test.each([
    ['beat', ['heartbeat', '--note', 'x']],
    ['complete', ['complete', '--summary', 'late']],
    ['block', ['block', 'late']],
    ['give back', ['release']],
  ])('can no longer %s: exit code 4 says stop', async (_what, line) => {
    const { cli, task, given } = await hire();
    await cli.run(['reclaim', task]);

    const { error } = await cli.json(line, { ...given, exit: 4 });

    expect(error.code).toBe('stale_run');
    expect(await cli.json(['show', task])).toMatchObject({ status: 'ready', summary: null });
  });

  test('sees its task back in the queue, and how that came said once', async () => {
    const { cli, task } = await hire();
    await cli.run(['reclaim', task, '--reason', 'the machine is gone']);

    const { stdout } = await cli.run(['timeline', task]);

    expect(stdout).toContain('back in the queue: reclaimed: the machine is gone');
  });
});

describe('whoever merely inherits the environment of a run that is over', () => {
  const lines: readonly (readonly [string, (other: string) => readonly string[]])[] = [
    ['begin', () => ['guard']],
    ['beat', () => ['heartbeat', '--note', 'x']],
    ['complete', () => ['complete', '--summary', 'another']],
    ['block', () => ['block', 'late']],
    ['give back', () => ['release']],
    ['comment', () => ['comment', 'I am still here']],
    ['create tasks', () => ['create', 'one more']],
    ['edit', (other) => ['edit', other, '--title', 'mine']],
    ['assign', (other) => ['assign', other, 'me']],
    ['schedule', (other) => ['schedule', other, '--at', '2h']],
    ['archive', (other) => ['archive', other]],
    ['reclaim', (other) => ['reclaim', other]],
    ['block another task', (other) => ['block', other, 'why not']],
    ['complete another task', (other) => ['complete', other]],
    ['claim', (other) => ['claim', other]],
    ['pause the board', () => ['pause']],
    ['dispatch', () => ['dispatch']],
  ];
  test.each(lines)('cannot %s', async (_what, line) => {
    const { cli, run, other, given } = await hire();
    await cli.json(['complete', '--summary', 'painted'], given);
    const state = async () => (await cli.run(['events'])).stdout.split('\n').filter(isNoRefusal);
    const before = await state();

    const { exit } = await cli.run(line(other.task), given);

    // 7: another run's task is nothing for this one, whether it is over or not.
    expect([4, 7]).toContain(exit);
    expect(await state()).toEqual(before);
    expect((await cli.json(['runs', '--json'], given))[0]).toMatchObject({
      id: run,
      outcome: 'completed',
      summary: 'painted',
    });
  });

  test('may read, and use boards that know nothing of the run', async () => {
    const { cli, given } = await hire();
    await cli.json(['complete'], given);

    await cli.json(['show'], given);
    await cli.json(['create', 'elsewhere', '--board', './quay'], given);
  });

  test('stays out with another token, or none, while the run is open', async () => {
    const crew = await hire();
    for (const file of [undefined, '/nowhere/token']) {
      const setting = withEnvironment(crew, { LOGBOARD_RUN_TOKEN_FILE: file });
      const { error } = await crew.cli.json(['comment', 'psst'], { ...setting, exit: 7 });
      expect(error.code).toBe('token_invalid');
    }
  });
});

/** What others tried is kept; everything else would be a change. */
function isNoRefusal(line: string): boolean {
  return line !== '' && JSON.parse(line).type !== 'WriteRefused';
}

describe('artifacts', () => {
  test('are copied into the board before the run ends', async () => {
    const crew = await hire();
    const workspace = join(crew.cli.directory, 'workspace');
    writeFileSync(join(workspace, 'report.md'), '# Hull\n');

    await crew.cli.json(['complete', '--artifact', 'report.md'], crew.given);

    const { artifacts } = await crew.cli.json(['show', crew.task]);
    expect(artifacts).toEqual([
      { name: 'report.md', bytes: 7, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  test.each(['missing.md', '../token', '/etc/passwd'])(
    'that cannot be kept stop the completion: %s',
    async (path) => {
      const { cli, task, given } = await hire();

      const { error } = await cli.json(['complete', '--artifact', path], { ...given, exit: 2 });

      expect(error.facts.skipped).toHaveLength(1);
      expect(await cli.json(['show', task])).toMatchObject({ status: 'running' });
    },
  );
});
