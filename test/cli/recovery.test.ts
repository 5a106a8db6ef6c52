/** The recovery edits: an operator clears what keeps a task from going on, and nothing else. */
import { describe, expect, test } from 'vitest';
import { statuses } from '../../src/domain/readiness.ts';
import { crash, hire, hireFor } from './a-crew.ts';
import { type CommandLine, commandLine } from './command-line.ts';

/** How a task comes to stand in each status people see; answers its id. */
const ways: Readonly<Record<string, (cli: CommandLine) => Promise<string>>> = {
  triage: (cli) => cli.create('a', '--triage'),
  waiting: async (cli) => cli.create('a', '--parent', await cli.create('first')),
  scheduled: (cli) => cli.create('a', '--at', '2h'),
  ready: (cli) => cli.create('a'),
  running: (cli) => after(cli, ['claim']),
  review: async (cli) => {
    const task = await cli.create('a');
    const { runId } = await cli.json(['claim', task]);
    await cli.json(['complete', '--run', runId, '--review']);
    return task;
  },
  done: (cli) => after(cli, ['complete']),
  blocked: (cli) => after(cli, ['block', 'why not']),
  halted: (cli) => failed(cli, '1'),
  archived: (cli) => after(cli, ['archive']),
  tombstoned: (cli) => after(cli, ['archive'], ['archive', '--rm']),
};

/** A task on which these verbs were used, one after the other. */
async function after(cli: CommandLine, ...lines: readonly (readonly string[])[]): Promise<string> {
  const task = await cli.create('a');
  for (const [verb = '', ...words] of lines) await cli.json([verb, task, ...words]);
  return task;
}

/** A task whose only attempt failed, under a limit of so many failures. */
async function failed(cli: CommandLine, limit: string): Promise<string> {
  const task = await cli.create('a', '--max-retries', limit);
  await crash(cli, (await hireFor(cli, task)).run);
  return task;
}

/** Everything that is known about the attempts at a task. */
async function runsOf(cli: CommandLine, task: string): Promise<string> {
  return JSON.stringify(await cli.json(['runs', task]));
}

describe('--clear-claim', () => {
  test('ends the open run in the operator’s name, and the task can be claimed again', async () => {
    const { cli, task, run } = await hire();

    const edited = await cli.json(['edit', task, '--clear-claim', '--reason', 'the host is gone']);

    expect(edited).toMatchObject({ status: 'ready', failures: 0, runId: null, changed: true });
    const [ended] = await cli.json(['runs', task]);
    expect(ended).toMatchObject({
      id: run,
      outcome: 'reclaimed',
      endedBy: { kind: 'human', id: 'kai' },
      reason: 'the host is gone',
      evidence: { by: 'kai', surface: 'cli' },
    });
    await cli.json(['claim', task]);
  });

  test.each(statuses.filter((status) => status !== 'running'))(
    'is refused on a task that is %s, and rewrites nothing',
    async (status) => {
      const cli = commandLine();
      const task = await ways[status]!(cli);
      const before = [await runsOf(cli, task), await cli.json(['show', task])];
      expect(before[1]).toMatchObject({ status });

      const { error } = await cli.json(['edit', task, '--clear-claim', '--title', 'b'], {
        exit: 6,
      });

      expect(error).toMatchObject({ code: 'not_running', facts: { taskId: task } });
      expect([await runsOf(cli, task), await cli.json(['show', task])]).toEqual(before);
    },
  );

  test('never rewrites a run that is over, even while its successor runs', async () => {
    const { cli, task } = await hire();
    await cli.json(['edit', task, '--clear-claim', '--reason', 'first']);
    await cli.json(['claim', task]);

    await cli.json(['edit', task, '--clear-claim', '--reason', 'second']);

    const runs = await cli.json(['runs', task]);
    expect(runs).toMatchObject([{ reason: 'first' }, { reason: 'second' }]);
  });

  test.each([['--specify'], ['--summary', 'x'], ['--result', 'x'], ['--metadata', '{}']])(
    'is not to be had together with %s, which no running task takes',
    async (...words) => {
      const { cli, task } = await hire();

      await cli.json(['edit', task, '--clear-claim', ...words], { exit: 2 });

      expect(await cli.json(['show', task])).toMatchObject({ status: 'running' });
    },
  );
});

describe('--reset-failures', () => {
  test.each(statuses)('leaves a task that is %s where it stands', async (status) => {
    const cli = commandLine();
    const task = await ways[status]!(cli);

    const edited = await cli.json(['edit', task, '--reset-failures']);

    expect(edited).toMatchObject({ status, failures: 0, changed: status === 'halted' });
  });

  test('forgives what was counted, with the reason on the timeline', async () => {
    const cli = commandLine();
    const task = await failed(cli, '3');
    expect(await cli.json(['show', task])).toMatchObject({ failures: 1 });

    await cli.json(['edit', task, '--reset-failures', '--reason', 'the disk was full']);

    expect(await cli.json(['show', task])).toMatchObject({ failures: 0, lastError: null });
    const story = await cli.json(['timeline', task]);
    expect(story).toContainEqual(
      expect.objectContaining({ type: 'FailuresReset', data: { reason: 'the disk was full' } }),
    );
  });
});

describe('--clear-skills', () => {
  test('empties the list, beside other edits and on a task in progress', async () => {
    const cli = commandLine();
    const task = await cli.create('a', '--skill', 'caulking,rigging');
    await cli.json(['claim', task]);

    const edited = await cli.json(['edit', task, '--clear-skills', '--clear', 'body']);

    expect(edited).toMatchObject({ skills: [], status: 'running', changed: true });
    expect((await cli.json(['edit', task, '--clear-skills'])).changed).toBe(false);
  });
});

describe('recovery', () => {
  test('is one step for several tasks, each with its own answer', async () => {
    const cli = commandLine();
    const [one, two] = [await ways['running']!(cli), await ways['ready']!(cli)];

    const { results } = await cli.json(['edit', one, two, '--clear-claim'], { exit: 6 });

    expect(results).toMatchObject([
      { id: one, ok: true, status: 'ready' },
      { id: two, ok: false, error: { code: 'not_running' } },
    ]);
  });

  test.each(['--clear-claim', '--reset-failures'])(
    'is for people: a worker may not %s, not even for itself',
    async (flag) => {
      const cli = commandLine();
      const task = await failed(cli, '3');
      await cli.json(['promote', task]);
      const { given } = await hireFor(cli, task);

      const { error } = await cli.json(['edit', task, flag], { ...given, exit: 7 });

      expect(error.code).toBe('people_only');
      expect(await cli.json(['show', task])).toMatchObject({ status: 'running', failures: 1 });
    },
  );

  test('takes a reason only where there is something to give one for', async () => {
    const cli = commandLine();
    const task = await cli.create('a');

    await cli.json(['edit', task, '--title', 'b', '--reason', 'c'], { exit: 2 });

    expect(await cli.json(['show', task])).toMatchObject({ title: 'a' });
  });
});
