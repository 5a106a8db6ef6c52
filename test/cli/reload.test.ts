/** `serve` while its configuration is edited: the real file, on the real disk, and real workers. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { codec } from '../../src/log/codec.ts';
import { openBoardAt } from '../../src/main.ts';
import { eventually } from '../kit/eventually.ts';
import { type CommandLine, commandLine, type Setting } from './command-line.ts';

/** A program that serves; what it printed so far. */
interface Serving {
  readonly cli: CommandLine;
  /** Writes the configuration, as an editor that keeps the file does. */
  write(text: string): void;
  /** Puts another file into its place. */
  replace(text: string): void;
  remove(): void;
  /** The documents of one kind that were told, oldest first. */
  told(what: string): readonly Told[];
  /** Resolves with the documents when there are so many. */
  until(what: string, count: number): Promise<readonly Told[]>;
  stdout(): string;
}

// biome-ignore lint/suspicious/noExplicitAny: documents whose fields the tests name one by one
type Told = any;

const slow = 'slow: { run: [sh, -c, "exec sleep 60"] }';
const quick = 'quick: { run: [sh, -c, "echo done"], onExit: { 0: complete } }';

function config(rules: string, ...workers: readonly string[]): string {
  return `drainMs: 50\n${rules}\nworkers:\n${workers.map((each) => `  ${each}\n`).join('')}`;
}

/** Serves a board until the test is over. */
async function serve(
  text: string | undefined,
  options: readonly string[] = ['--json'],
  setting: Setting = {},
): Promise<Serving> {
  const cli = commandLine();
  const file = join(cli.directory, 'logboard.yaml');
  if (text !== undefined) writeFileSync(file, text);
  const stopping = new AbortController();
  let stdout = '';
  const onStdout = (more: string) => {
    stdout += more;
  };
  const stopped = stopping.signal;
  const ran = cli.run(['serve', '--no-http', ...options], { ...setting, stopped, onStdout });
  onTestFinished(async () => {
    stopping.abort();
    expect((await ran).exit).toBe(0);
    await endWorkers(cli);
  });
  const told = (what: string) =>
    (options.includes('--json') ? stdout.trim().split('\n') : [])
      .map((line) => JSON.parse(line) as Told)
      .filter((each) => each.what === what);
  await eventually('it serves', () => stdout.includes('started'));
  return {
    cli,
    write: (next) => writeFileSync(file, next),
    replace: (next) => {
      writeFileSync(`${file}.new`, next);
      renameSync(`${file}.new`, file);
    },
    remove: () => rmSync(file),
    told,
    until: (what, count) =>
      eventually(`${what} is told ${count} times`, () => {
        const found = told(what);
        return found.length >= count ? found : undefined;
      }),
    stdout: () => stdout,
  };
}

/** Looks at the board itself: a command line would read the configuration, too. */
async function onBoard<T>(cli: CommandLine, look: (board: Board) => Promise<T>): Promise<T> {
  const place = join(cli.directory, '.logboard');
  const board = await openBoardAt(place, { access: 'read', policy: undefined });
  try {
    return await look(board);
  } finally {
    await board.close();
  }
}

async function endWorkers(cli: CommandLine): Promise<void> {
  const open = await onBoard(cli, async (board) => (await board.read()).openRuns());
  for (const { process: worker } of open) {
    if (worker !== null) process.kill(-worker.pid, 'SIGKILL');
  }
}

function statusOf(cli: CommandLine, task: string): Promise<string | undefined> {
  return onBoard(cli, async (board) => (await board.read()).task(task, board.nowMs())?.status);
}

function becomes(cli: CommandLine, task: string, status: string): Promise<unknown> {
  return eventually(`${task} is ${status}`, async () => (await statusOf(cli, task)) === status);
}

/** What the log says about policies that changed, oldest first. */
function policyChanges(cli: CommandLine): Promise<readonly Told[]> {
  return onBoard(cli, async ({ log }) =>
    (await log.readStream('board'))
      .map(codec.decode)
      .filter(({ type }) => type === 'PolicyChanged'),
  );
}

test('a cap that is raised starts what waited, and the log tells it once', async () => {
  const serving = await serve(config('maxRunning: 1', slow));
  const { cli } = serving;
  const first = await cli.create('First', '--assignee', 'slow');
  await becomes(cli, first, 'running');
  const second = await cli.create('Second', '--assignee', 'slow');

  serving.write(config('maxRunning: 2', slow, quick));

  await becomes(cli, second, 'running');
  const [reloaded] = await serving.until('reloaded', 1);
  expect(reloaded).toEqual({
    ...{ at: expect.any(String), what: 'reloaded', file: join(cli.directory, 'logboard.yaml') },
    changes: [
      { key: 'maxRunning', from: 1, to: 2 },
      { worker: 'quick', change: 'added' },
    ],
    needsRestart: [],
  });
  const changes = await policyChanges(cli);
  const [started] = serving.told('started');
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({
    data: {
      policy: { maxRunning: 2 },
      dispatcher: { id: started.dispatcherId, assignees: ['quick', 'slow'] },
    },
    meta: { actor: { kind: 'dispatcher', id: started.dispatcherId } },
  });
  const [row] = await cli.json<Told[]>(['dispatchers']);
  expect(row).toMatchObject({ assignees: ['quick', 'slow'], policy: { maxRunning: 2 } });
  const third = await cli.create('Third', '--assignee', 'nobody-here');
  const why = await cli.json<Told>(['why', third]);
  expect(why.rule.inputs).toMatchObject({ served: ['quick', 'slow'] });
});

test('a file that cannot be used changes nothing until it is mended', async () => {
  const serving = await serve(config('maxRunning: 3', slow));
  const { cli } = serving;

  const waiting = await cli.create('Wait', '--assignee', 'quick');
  serving.write(config('maxRuning: 5', quick));
  const [fault] = await serving.until('fault', 1);
  expect(fault.problem).toMatch(/logboard\.yaml:2: unknown key maxRuning\..*stays in force/);
  expect(fault.hint).toBe('Did you mean maxRunning?');
  serving.write('workers: {');
  await serving.until('fault', 2);
  // Whoever writes a file begins with an empty one.
  serving.write('');
  expect((await serving.until('fault', 3))[2].problem).toContain('is empty');
  serving.remove();
  expect((await serving.until('fault', 4))[3].problem).toContain('is gone');
  expect(await statusOf(cli, waiting)).toBe('ready');
  expect(await policyChanges(cli)).toEqual([]);

  serving.write(config('maxRunning: 3', slow, quick));
  await becomes(cli, waiting, 'done');
  expect(serving.told('fault')).toHaveLength(4);
  expect(serving.told('reloaded')).toHaveLength(1);
});

test('a file that is mended to what it was is told of, and not in the log', async () => {
  const serving = await serve(config('maxRunning: 3', slow));
  serving.write('maxRunning: none');
  await serving.until('fault', 1);
  serving.write(`# as before\n${config('maxRunning: 3', slow)}`);
  const [reloaded] = await serving.until('reloaded', 1);
  expect(reloaded).toMatchObject({ changes: [], needsRestart: [] });
  expect(await policyChanges(serving.cli)).toEqual([]);
});

test('a file that another one takes the place of is read each time', async () => {
  const serving = await serve(config('maxRunning: 1', slow));
  serving.replace(config('maxRunning: 2', slow));
  await serving.until('reloaded', 1);
  serving.replace(config('maxRunning: 3', slow));
  const [, second] = await serving.until('reloaded', 2);
  expect(second.changes).toEqual([{ key: 'maxRunning', from: 2, to: 3 }]);
});

test('a worker whose definition is gone goes on to its end, and nothing more starts', async () => {
  const gate = 'gate: { run: [sh, -c, "until test -e $GATE; do sleep 0.02; done"],';
  const serving = await serve(config('', slow));
  const { cli } = serving;
  const open = join(cli.directory, 'open');
  const waits = `${gate} env: { GATE: ${open} }, onExit: { 0: complete } }`;
  serving.write(config('', slow, waits));
  await serving.until('reloaded', 1);
  const first = await cli.create('First', '--assignee', 'gate');
  await becomes(cli, first, 'running');
  await serving.until('spawned', 1);

  serving.write(config('', slow));
  const [, second] = await serving.until('reloaded', 2);
  expect(second.changes).toEqual([{ worker: 'gate', change: 'removed' }]);
  const late = await cli.create('Late', '--assignee', 'gate');
  writeFileSync(open, '');

  await becomes(cli, first, 'done');
  expect(await statusOf(cli, late)).toBe('ready');
});

test('what takes a restart says so by its name, once', async () => {
  const serving = await serve(config('', slow));
  serving.write(`privacy: { encrypt: true }\n${config('maxRunning: 4', slow)}`);
  const [first] = await serving.until('reloaded', 1);
  expect(first).toMatchObject({
    changes: [{ key: 'maxRunning', from: 3, to: 4 }],
    needsRestart: ['privacy.encrypt'],
  });
  serving.write(`privacy: { encrypt: true }\n${config('maxRunning: 5', slow)}`);
  expect((await serving.until('reloaded', 2))[1].needsRestart).toEqual([]);
  serving.write(
    `log: "esdb://node-1:2113"\nprivacy: { encrypt: true }\n${config('maxRunning: 5', slow)}`,
  );
  expect((await serving.until('reloaded', 3))[2]).toMatchObject({
    changes: [],
    needsRestart: ['log'],
  });
});

test('flags and the environment win over the file, as they did at the start', async () => {
  const serving = await serve(
    config('maxRunning: 1\nfailureLimit: 2', slow),
    ['--json', '--max-running', '7'],
    { environment: { LOGBOARD_FAILURE_LIMIT: '9' } },
  );
  serving.write(config('maxRunning: 2\nfailureLimit: 3\nreleaseLimit: 6', slow));
  const [reloaded] = await serving.until('reloaded', 1);
  expect(reloaded.changes).toEqual([{ key: 'releaseLimit', from: 5, to: 6 }]);
  const [change] = await policyChanges(serving.cli);
  expect(change.data.policy).toMatchObject({ maxRunning: 7, failureLimit: 9, releaseLimit: 6 });
});

test('people read what changed in one line', async () => {
  const serving = await serve(config('maxRunning: 3', slow), []);
  serving.write(config('maxRunning: 5', slow, quick));
  await eventually('it is told', () => serving.stdout().includes('reloaded'));
  expect(serving.stdout()).toMatch(
    / {2}reloaded {2}logboard\.yaml changed: maxRunning 3 -> 5, worker quick added\n/,
  );
});

test('a file that appears where there was none takes effect', async () => {
  const serving = await serve(undefined);
  const { cli } = serving;
  const task = await cli.create('Quick', '--assignee', 'quick');
  serving.replace(config('', quick));
  await becomes(cli, task, 'done');
  expect((await serving.until('reloaded', 1))[0].changes).toContainEqual({
    ...{ worker: 'quick', change: 'added' },
  });
});
