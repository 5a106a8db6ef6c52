/** Tasks from the command line, from their creation to the archive. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

describe('the first task', () => {
  test('makes the board, for its owner alone', async () => {
    const cli = commandLine();

    await cli.create('a');

    expect(statSync(join(cli.directory, '.logboard')).mode & 0o777).toBe(0o700);
    expect(await cli.json(['boards'])).toMatchObject([{ board: './.logboard', total: 1 }]);
  });

  test('can make a board with a slug, below the home directory', async () => {
    const cli = commandLine();

    await cli.create('a', '--board', 'release');

    expect(existsSync(join(cli.home, 'boards', 'release', 'log.db'))).toBe(true);
    expect(await cli.json(['boards'])).toMatchObject([{ board: 'release', name: 'release' }]);
  });
});

describe('a new task', () => {
  test('has every field that was given', async () => {
    const cli = commandLine();
    const parent = await cli.create('first');
    const options = {
      '--body': 'All of it.',
      '--assignee': 'Paint',
      '--parent': parent,
      '--workspace': 'dir:/srv/hull',
      '--branch': 'hull',
      '--tenant': 'harbour',
      '--priority': '-5',
      '--idempotency-key': 'hull-1',
      '--max-runtime': '90',
      '--created-by': 'ada',
      '--skill': 'painting,sanding',
      '--max-retries': '3',
      '--model': 'large',
      '--at': '2030-01-01T00:00:00Z',
      '--workflow-template-id': 'refit',
      '--step-key': 'hull',
    };

    const task = await cli.json(['create', ' Paint the hull ', ...Object.entries(options).flat()]);

    expect(task).toMatchObject({
      title: 'Paint the hull',
      body: 'All of it.',
      status: 'waiting',
      assignee: 'paint',
      parents: [parent],
      workspace: { kind: 'dir', path: '/srv/hull' },
      branch: 'hull',
      tenant: 'harbour',
      priority: -5,
      idempotencyKey: 'hull-1',
      maxRuntimeMs: 90_000,
      createdBy: 'ada',
      skills: ['painting', 'sanding'],
      maxRetries: 3,
      model: 'large',
      notBefore: '2030-01-01T00:00:00.000Z',
      hold: 'schedule',
      workflowTemplateId: 'refit',
      stepKey: 'hull',
      created: true,
    });
  });

  test('with a known key is the task that has it', async () => {
    const cli = commandLine();
    const first = await cli.json(['create', 'a', '--idempotency-key', 'k']);

    const second = await cli.json(['create', 'b', '--idempotency-key', 'k']);

    expect(second).toMatchObject({ id: first.id, title: 'a', created: false, changed: false });
  });

  test.each([
    [['--triage'], 'triage'],
    [['--at', '2h'], 'scheduled'],
    [['--schedule-at', '2h'], 'scheduled'],
    [['--initial-status', 'blocked', '--reason', 'no paint'], 'blocked'],
    [['--initial-status', 'ready'], 'ready'],
  ])('with %j is %s', async (options, status) => {
    expect(await commandLine().json(['create', 'a', ...options])).toMatchObject({ status });
  });

  test('for an assignee without a worker says so, on stderr', async () => {
    const { stderr } = await commandLine().run(['create', 'a', '--assignee', 'buidl']);

    expect(stderr).toContain('buidl');
  });
});

describe('an edit', () => {
  test('changes what is named and leaves the rest', async () => {
    const cli = commandLine();
    const task = await cli.create('a', '--tenant', 'x', '--branch', 'y', '--skill', 's');

    const edited = await cli.json([
      'edit',
      task,
      ...['--title', 'b', '--priority', '4', '--max-runtime', '2h', '--clear', 'branch,skills'],
    ]);

    expect(edited).toMatchObject({
      title: 'b',
      priority: 4,
      maxRuntimeMs: 7_200_000,
      tenant: 'x',
      branch: null,
      skills: [],
      changed: true,
    });
  });

  test('takes a task out of triage with what was missing', async () => {
    const cli = commandLine();
    const task = await cli.create('a', '--triage');

    const edited = await cli.json(['edit', task, '--specify', '--body', 'now it is clear']);

    expect(edited).toMatchObject({ status: 'ready', body: 'now it is clear' });
  });

  test('mends the hand-off of a finished task', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    await cli.run(['complete', task, '--summary', '3 pages']);

    const edited = await cli.json(['edit', task, '--summary', '30 pages', '--result', 'ok']);

    expect(edited).toMatchObject({ status: 'done', summary: '30 pages', result: 'ok' });
  });

  test('that is refused leaves no half behind', async () => {
    const cli = commandLine();
    const task = await cli.create('a');

    await cli.json(['edit', task, '--summary', 'early', '--priority', '9'], { exit: 6 });

    expect(await cli.json(['show', task])).toMatchObject({ priority: 0, version: 0 });
  });
});

describe('a task in progress', () => {
  test('is reassigned only by taking it from its run, in one step', async () => {
    const cli = commandLine();
    const task = await cli.create('a', '--assignee', 'paint');
    const { runId } = await cli.json(['claim', task]);

    expect(await cli.json(['reassign', task, 'docks'], { exit: 6 })).toMatchObject({
      error: { code: 'already_claimed', facts: { runId } },
    });
    expect(await cli.json(['reassign', task, 'docks', '--reclaim'])).toMatchObject({
      assignee: 'docks',
      status: 'ready',
    });
  });

  test('is archived with its run ended, restored, and removed for good', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    await cli.run(['claim', task]);

    expect(await cli.json(['archive', task])).toMatchObject({ status: 'archived', runId: null });
    expect(await cli.json(['archive', '--restore', task])).toMatchObject({ status: 'ready' });
    await cli.run(['archive', task]);
    expect(await cli.json(['archive', '--rm', task])).toMatchObject({ status: 'tombstoned' });
    expect(await cli.json(['list', '--archived'])).toEqual([]);
    expect(await cli.json(['show', task])).toMatchObject({ status: 'tombstoned' });
  });
});

describe('links', () => {
  test('make tasks wait, and unlinking frees them', async () => {
    const cli = commandLine();
    const parent = await cli.create('a');
    const child = await cli.create('b');

    expect(await cli.json(['link', parent, child])).toMatchObject({ id: child, status: 'waiting' });
    expect(await cli.json(['show', parent])).toMatchObject({ children: [child] });
    expect(await cli.json(['unlink', parent, child])).toMatchObject({ status: 'ready' });
  });

  test('can be passed by force, and a dry run only says so', async () => {
    const cli = commandLine();
    const parent = await cli.create('a');
    const child = await cli.create('b', '--parent', parent);

    await cli.json(['promote', child, '--dry-run'], { exit: 6 });
    const wouldBe = await cli.json(['promote', child, '--force', '--dry-run']);
    expect(wouldBe).toMatchObject({ status: 'waiting', changed: true });
    expect(await cli.json(['promote', child, '--force'])).toMatchObject({ status: 'ready' });
  });
});

describe('a schedule', () => {
  test('parks a task and is lifted again', async () => {
    const cli = commandLine();
    const task = await cli.create('a');

    const parked = await cli.json(['schedule', task, '--at', '2030-01-01', 'after', 'new', 'year']);
    expect(parked).toMatchObject({ status: 'scheduled', hold: 'schedule' });
    expect(await cli.json(['claim', task], { exit: 10 })).toMatchObject({
      error: { code: 'held_until', facts: { notBefore: parked.notBefore } },
    });
    expect(await cli.json(['schedule', task, '--clear'])).toMatchObject({ status: 'ready' });
  });
});

describe('a review', () => {
  test('ends in done, or in the queue with a reason', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    const claim = async () => (await cli.json(['claim', task])).runId;
    await cli.run(['complete', '--run', await claim(), '--review', '--summary', 'one coat']);

    await cli.json(['review', task, '--reject'], { exit: 2 });
    const rejected = await cli.json(['review', task, '--reject', 'it', 'drips']);
    expect(rejected).toMatchObject({ status: 'ready' });

    await cli.run(['complete', '--run', await claim(), '--review', '--summary', 'two coats']);
    const approved = await cli.json(['review', task, '--approve']);
    expect(approved).toMatchObject({ status: 'done', summary: 'two coats' });
  });
});
