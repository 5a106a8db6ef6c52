/** A task whose every text names Anna, a neighbour, and the search for what is left of them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CommandLine, commandLine } from '../../cli/command-line.ts';

/** Stands in every text of the task, and nowhere else. */
export const secret = 'Annamaria-Zweiundvierzig';

/** A board on which a task with a secret was worked on to its end. */
export interface SecretBoard {
  readonly cli: CommandLine;
  readonly directory: string;
  readonly task: string;
  /** Waits for the task, and was shown what that handed on. */
  readonly child: string;
  /** The child's run, which is still open. */
  readonly childRun: string;
}

const said = (what: string) => `${what} of ${secret}`;

/** Makes one; every kind of text there is, in every place a board keeps text. */
export async function aSecretBoard(): Promise<SecretBoard> {
  const cli = commandLine();
  const directory = join(cli.directory, '.logboard');
  await cli.run(['init'], { environment: { LOGBOARD_PRIVACY_ENCRYPT: 'true' } });
  const key = ['--idempotency-key', said('key')];
  const task = await cli.create(said('title'), '--body', said('body'), ...key);
  const child = await cli.create('Launch', '--parent', task);
  await cli.json(['comment', task, said('comment')]);
  await cli.json(['edit', task, '--title', said('new title'), '--body', said('new body')]);
  await cli.json(['block', task, said('block')]);
  await cli.json(['unblock', task, '--reason', said('unblock')]);
  const run = await workOn(cli, directory, task);
  await cli.json(['complete', '--run', run, ...handOff(cli)]);
  await cli.run(['heartbeat', '--run', run, '--note', said('late note')]);
  const childRun = (await cli.json<{ runId: string }>(['claim', child])).runId;
  const { stdout } = await cli.run(['context', child]);
  write(join(directory, 'runs', childRun, 'context.md'), stdout);
  write(join(directory, 'history', '100.db'), said('snapshot'));
  write(join(directory, 'projections-0123abcd.1.db'), said('table of another version'));
  return { cli, directory, task, child, childRun };
}

/** A run with everything that runs leave behind. */
async function workOn(cli: CommandLine, directory: string, task: string): Promise<string> {
  const lost = await cli.json<{ runId: string }>(['claim', task]);
  await cli.json(['reclaim', task, '--reason', said('reclaim')]);
  await cli.run(['complete', '--run', lost.runId, '--summary', said('late summary')]);
  const { runId } = await cli.json<{ runId: string }>(['claim', task]);
  await cli.json(['heartbeat', '--run', runId, '--note', said('note'), '--progress', '0.5']);
  write(join(directory, 'runs', runId, 'log'), said('output'));
  write(join(directory, 'runs', runId, 'context.md'), said('context'));
  write(join(directory, 'workspaces', runId, 'draft', 'file'), said('draft'));
  return runId;
}

function handOff(cli: CommandLine): readonly string[] {
  write(join(cli.directory, 'letter.txt'), said('artifact'));
  const metadata = JSON.stringify({ [said('name')]: said('value') });
  const words = ['--summary', said('summary'), '--result', said('result')];
  return [...words, '--metadata', metadata, '--artifact', 'letter.txt'];
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text);
}

/** The files below a directory in which the bytes stand. */
export function filesWith(directory: string, bytes: string | Buffer): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(bytes))
    .map((path) => path.slice(directory.length + 1))
    .sort();
}
