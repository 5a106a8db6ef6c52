/** Claims from the command line, for programs that no dispatcher started. */
import { describe, expect, test } from 'vitest';
import { type CommandLine, commandLine } from './command-line.ts';

describe('a claim', () => {
  test('answers the run, its fence and its lease', async () => {
    const cli = commandLine();
    const task = await cli.create('a', '--workspace', 'dir:/srv/hull');
    const beforeMs = Date.now();

    const claim = await cli.json(['claim', task, '--ttl', '5m']);

    expect(claim).toEqual({
      taskId: task,
      runId: expect.stringMatching(/^R-/),
      version: 0,
      leaseUntil: expect.any(String),
      attempt: 1,
      workspace: '/srv/hull',
      position: expect.any(Number),
    });
    expect(Date.parse(claim.leaseUntil)).toBeGreaterThanOrEqual(beforeMs + 300_000);
  });

  test('takes the lease of the configuration when it names none', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    const environment = { LOGBOARD_CLAIM_TTL_MS: '1h' };

    const { leaseUntil } = await cli.json(['claim', task], { environment });

    expect(Date.parse(leaseUntil)).toBeGreaterThan(Date.now() + 3_000_000);
  });

  test('is exclusive', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    const { runId } = await cli.json(['claim', task, '--as', 'ada']);

    const { error } = await cli.json(['claim', task], { exit: 6 });

    expect(error).toMatchObject({ code: 'already_claimed', facts: { runId, claimedBy: 'ada' } });
  });

  test('for an assignee takes the most urgent task first, until none is left', async () => {
    const cli = commandLine();
    const later = await cli.create('later', '--assignee', 'gpu');
    const urgent = await cli.create('urgent', '--assignee', 'gpu', '--priority', '5');
    await cli.create('for others', '--assignee', 'cpu');
    const next = () => cli.json(['claim', '--assignee', 'gpu']);

    expect([(await next()).taskId, (await next()).taskId]).toEqual([urgent, later]);
    const { error } = await cli.json(['claim', '--assignee', 'gpu'], { exit: 5 });
    expect(error.code).toBe('nothing_to_claim');
  });

  test('for nobody in particular takes what is assigned to nobody', async () => {
    const cli = commandLine();
    await cli.create('for others', '--assignee', 'cpu');
    const task = await cli.create('for whoever comes');

    expect(await cli.json(['claim', '--assignee', 'none'])).toMatchObject({ taskId: task });
  });

  test('by many at once goes to each task once', async () => {
    const cli = commandLine();
    const tasks: string[] = [];
    for (const title of ['a', 'b', 'c']) tasks.push(await cli.create(title, '--assignee', 'gpu'));

    const ran = await Promise.all(
      Array.from({ length: 5 }, () => cli.run(['claim', '--assignee', 'gpu', '--json'])),
    );

    const claimed = ran
      .filter(({ exit }) => exit === 0)
      .map((one) => JSON.parse(one.stdout).taskId);
    expect(claimed.sort()).toEqual(tasks.sort());
    expect(ran.map(({ exit }) => exit).sort()).toEqual([0, 0, 0, 5, 5]);
  });
});

describe('a claim that waits', () => {
  /** The verb at work. */
  function waiting(cli: CommandLine, ...more: string[]) {
    const stopping = new AbortController();
    const ended = cli.run(['claim', '--assignee', 'gpu', '--wait', ...more, '--json'], {
      stopped: stopping.signal,
    });
    return { ended, stop: () => stopping.abort() };
  }

  test('takes a task that is made meanwhile', async () => {
    const cli = commandLine();
    await cli.create('for others', '--assignee', 'cpu');
    const { ended } = waiting(cli);
    const task = await cli.create('a', '--assignee', 'gpu');

    const { exit, stdout } = await ended;

    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ taskId: task });
  });

  test('takes a task whose time comes', async () => {
    const cli = commandLine();
    const task = await cli.create('a', '--assignee', 'gpu', '--at', '300ms');
    const { exit, stdout } = await waiting(cli).ended;
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ taskId: task });
  });

  test('gives up after its time, and says that nothing was ready', async () => {
    const cli = commandLine();
    await cli.create('for others', '--assignee', 'cpu');
    const { exit, stdout } = await waiting(cli, '50ms').ended;
    expect(exit).toBe(5);
    expect(JSON.parse(stdout).error.code).toBe('nothing_to_claim');
  });

  test('is given nothing while the board is paused, but for what it names', async () => {
    const cli = commandLine();
    const [one, other] = [await cli.create('a', '--assignee', 'gpu'), await cli.create('b')];
    await cli.run(['pause']);
    const any = await cli.run(['claim', '--assignee', 'gpu', '--json']);
    const { ended } = waiting(cli);
    const named = await cli.json(['claim', other]);
    await cli.run(['resume']);

    expect(any.exit).toBe(5);
    expect(JSON.parse(any.stdout).error).toMatchObject({
      code: 'nothing_to_claim',
      facts: { paused: true },
    });
    expect(named).toMatchObject({ taskId: other });
    expect(JSON.parse((await ended).stdout)).toMatchObject({ taskId: one });
  });

  test('takes nothing when it is stopped, and ends with 130', async () => {
    const cli = commandLine();
    await cli.create('for others', '--assignee', 'cpu');
    const { ended, stop } = waiting(cli);
    stop();
    expect(await ended).toMatchObject({ exit: 130, stdout: '' });
  });

  test('has to know for whom', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    await cli.json(['claim', task, '--wait'], { exit: 2 });
  });
});
