/** Verbs that follow what happens, until they are stopped or there is nothing more to come. */
import { describe, expect, test } from 'vitest';
import { type CommandLine, commandLine, type Ran } from './command-line.ts';

/** A verb that is running. */
interface Running {
  /** Resolves when stdout contains the text. */
  sees(text: string): Promise<void>;
  stop(): void;
  readonly ended: Promise<Ran>;
}

function start(cli: CommandLine, argv: readonly string[]): Running {
  const stopping = new AbortController();
  let seen = '';
  let check = () => {};
  const onStdout = (text: string) => {
    seen += text;
    check();
  };
  return {
    sees: (text) =>
      new Promise((resolve) => {
        check = () => seen.includes(text) && resolve();
        check();
      }),
    stop: () => stopping.abort(),
    ended: cli.run(argv, { stopped: stopping.signal, onStdout }),
  };
}

function kindsOf({ stdout }: Ran): readonly string[] {
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line).type);
}

describe('watch', () => {
  test('tells what happens from now on, and ends with 130 when it is stopped', async () => {
    const cli = commandLine();
    await cli.create('before');
    const watching = start(cli, ['watch', '--after', '0']);
    await watching.sees('before');

    const task = await cli.create('during');
    await watching.sees('during');
    watching.stop();

    const { exit, stdout } = await watching.ended;
    expect(exit).toBe(130);
    expect(stdout).toMatch(new RegExp(`\\d\\d:\\d\\d:\\d\\d  ${task}  created: during  \\(kai\\)`));
  });

  test('tells only what it is asked for', async () => {
    const cli = commandLine();
    await cli.create('a', '--assignee', 'docks', '--tenant', 'north');
    await cli.create('b', '--assignee', 'docks');
    await cli.create('c', '--tenant', 'north');
    const filters = ['--assignee', 'docks', '--tenant', 'north', '--kinds', 'taskcreated'];
    const watching = start(cli, ['watch', '--after', '0', '--json', ...filters]);
    await watching.sees('TaskCreated');
    const last = await cli.create('d', '--assignee', 'docks', '--tenant', 'north');
    await watching.sees(last);
    watching.stop();

    const entries = (await watching.ended).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ data }) => data.title)).toEqual(['a', 'd']);
  });
});

describe('tail', () => {
  test('begins with what happened last to the task, and goes on', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    const other = await cli.create('b');
    const tailing = start(cli, ['tail', task, '-n', '1', '--json']);
    await tailing.sees('became_ready');

    await cli.run(['block', other, 'unrelated']);
    await cli.run(['block', task, 'no paint']);
    await tailing.sees('TaskBlocked');
    tailing.stop();

    expect(kindsOf(await tailing.ended)).toEqual(['TaskCreated', 'became_ready', 'TaskBlocked']);
  });
});

describe('events', () => {
  test('are printed page by page, a document a line', async () => {
    const cli = commandLine();
    const task = await cli.create('a');
    await cli.run(['block', task, 'x']);

    const all = await cli.run(['events']);
    const some = await cli.run(['events', '--after', '1', '--limit', '1']);
    const ofTask = await cli.run(['events', '--stream', `task-${task}`, '--json']);
    const none = await cli.run(['events', '--after', '9999']);

    expect(kindsOf(all)).toEqual([
      'BoardCreated',
      'TaskCreated',
      'TaskBlocked',
      'RunOpened',
      'RunBlocked',
    ]);
    expect(kindsOf(some)).toEqual(['TaskCreated']);
    expect(kindsOf(ofTask)).toEqual(['TaskCreated', 'TaskBlocked']);
    expect(none).toEqual({ exit: 0, stdout: '', stderr: '' });
  });

  test('go on as they happen when followed, up to a limit if there is one', async () => {
    const cli = commandLine();
    await cli.create('a');
    const following = start(cli, ['events', '-f', '--limit', '3']);
    await following.sees('TaskCreated');

    await cli.create('b');

    const ran = await following.ended;
    expect(ran.exit).toBe(0);
    expect(kindsOf(ran)).toEqual(['BoardCreated', 'TaskCreated', 'TaskCreated']);
  });
});
