/** Why nothing happens to a task that is ready, waits or has been halted: `show` says it. */
import { expect, test } from 'vitest';
import type { EndRun } from '../../src/domain/run/commands.ts';
import { openBoardAt } from '../../src/main.ts';
import { accepted, dispatcher } from '../kit/callers.ts';
import { type CommandLine, commandLine } from './command-line.ts';

/** A dispatcher starts the task once, and ends its run like this. */
async function attempt(cli: CommandLine, taskId: string, end: EndRun): Promise<void> {
  const place = { access: 'write', policy: undefined } as const;
  const board = await openBoardAt(`${cli.directory}/.logboard`, place);
  const by = board.as(dispatcher);
  const { runId } = await accepted(by.claim(taskId));
  await accepted(by.endRun(runId, end));
  await board.close();
}

const release: EndRun = { type: 'ReleaseRun', reason: 'no brush' };
const crash: EndRun = { type: 'CrashRun', exit: { exitCode: 7 }, error: 'exit 7', evidence: {} };

test('a task that was given back says until when it waits, and why', async () => {
  const cli = commandLine();
  const task = await cli.create('paint');
  await attempt(cli, task, release);

  const { stdout } = await cli.run(['show', task]);

  expect(stdout).toMatch(/not before .*backing off/);
  expect(stdout).toContain('last error: given back by its worker: no brush');
});

test('a task that was given back too often says that, and a person resumes it', async () => {
  const cli = commandLine();
  const task = await cli.create('paint');
  for (let times = 0; times < 5; times += 1) {
    await attempt(cli, task, release);
    if (times < 4) await cli.run(['promote', task]);
  }

  const { stdout } = await cli.run(['show', task]);
  expect(stdout).toContain('halted after 5 runs given back: `logboard unblock`');
  expect(stdout).toContain('halted by the breaker at its limit of 5 runs that ended like this');

  await cli.run(['unblock', task]);
  const none = { recoveries: 0, releases: 0, holds: 0 };
  expect(await cli.json(['show', task])).toMatchObject({ status: 'ready', interruptions: none });
});

test('a task that is ready says that its assignee fails alike on all of them', async () => {
  const cli = commandLine();
  for (const title of ['hull', 'mast', 'deck']) {
    await attempt(cli, await cli.create(title, '--assignee', 'painter'), crash);
  }
  const task = await cli.create('keel', '--assignee', 'painter');

  const { stdout } = await cli.run(['show', task]);

  expect(stdout).toMatch(
    /painter failed on 3 tasks alike \(crashed, 7\): tried one at a time, next/,
  );
  expect(await cli.json(['show', task])).toMatchObject({
    status: 'ready',
    outage: { outcome: 'crashed', code: '7', tasks: 3 },
  });
});
