/** The README keeps its word: its console session is run, and its outputs are compared. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { createRoot } from '../../src/main.ts';
import { tempDir } from '../kit/temp-dir.ts';

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');

interface Exchange {
  readonly command: string;
  readonly output: readonly string[];
}

test("the README's console session runs as it is printed", async () => {
  const session = readSession(readme);
  expect(session.length).toBeGreaterThan(5);
  const directory = tempDir();
  const names = new Map<string, string>();
  for (const { command, output } of session) {
    const said = await run(inOurs(command, names), directory);
    const lines = said.trimEnd().split('\n');
    expect(lines, command).toHaveLength(output.length);
    for (const [index, expected] of output.entries()) {
      learn(expected, lines[index] ?? '', names);
      expect(lines[index], command).toMatch(patternOf(inOurs(expected, names)));
    }
  }
});

function readSession(text: string): readonly Exchange[] {
  const block = /```console\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  return block
    .split(/^\$ /m)
    .filter((part) => part !== '')
    .map((part) => {
      const [command = '', ...output] = part.trimEnd().split('\n');
      return { command, output };
    });
}

const id = /[TR]-[0-9A-Z]{10,12}/g;

/** Ids differ from run to run: the n-th id of a printed line stands for the n-th of ours. */
function learn(printed: string, ours: string, names: Map<string, string>): void {
  const found = ours.match(id) ?? [];
  for (const [index, name] of (printed.match(id) ?? []).entries()) {
    if (!names.has(name)) names.set(name, found[index] ?? 'missing');
  }
}

function inOurs(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(id, (name) => names.get(name) ?? name);
}

/** `…` stands for anything. */
function patternOf(printed: string): RegExp {
  const parts = printed.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** Runs one line of the session; of a shell it knows quotes and the one `jq` filter used here. */
async function run(line: string, directory: string): Promise<string> {
  const [command = '', filter] = line.split(' | jq -r ');
  const said = await logboard(wordsOf(command).slice(1), directory);
  if (filter === undefined) return said;
  const tasks = JSON.parse(said) as { id: string; status: string }[];
  return tasks.map((task) => `${task.id} ${task.status}`).join('\n');
}

function wordsOf(command: string): readonly string[] {
  return (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''));
}

async function logboard(argv: readonly string[], directory: string): Promise<string> {
  let said = '';
  const sink = {
    write: (text: string) => {
      said += text;
    },
    isTerminal: false,
    columns: 80,
  };
  const world = {
    environment: { USER: 'ada', LOGBOARD_HOME: join(directory, 'home') },
    directory,
    userHome: directory,
  };
  const io = {
    ...world,
    stdout: sink,
    stderr: argv.includes('create') ? { ...sink, write: () => {} } : sink,
    nowMs: () => Date.now(),
    readStdin: () => Promise.resolve(''),
    untilStopped: () => new AbortController().signal,
  };
  await runCli(argv, io, createRoot(world));
  return said;
}
