/**
 * The recipe of `projections/README.md`, followed: a copy of the program with another column and
 * another table takes over a board from the program as it is, while that one serves.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { bundleChild } from '../kit/child.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';

const house = fileURLToPath(new URL('../../', import.meta.url));
const exec = promisify(execFile);

/** The program before or after the recipe, at work in one directory. */
interface Program {
  /** Runs a command line with `--json` and answers the document. */
  // biome-ignore lint/suspicious/noExplicitAny: documents whose fields the tests name one by one
  json(...argv: readonly string[]): Promise<any>;
  /** Starts a command that goes on. */
  start(...argv: readonly string[]): ChildProcess;
}

/** Copies the sources and does to the copy what the recipe says. */
async function followRecipe(): Promise<string> {
  const copy = tempDir();
  for (const part of ['src', 'projections', 'tsconfig.json', 'package.json']) {
    cpSync(join(house, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(house, 'node_modules'), join(copy, 'node_modules'));
  const recipe = readFileSync(join(house, 'projections/README.md'), 'utf8');
  const patches = [...recipe.matchAll(/^```diff\n(.*?)^```$/gms)];
  expect(patches).toHaveLength(2);
  for (const [, patch = ''] of patches) {
    writeFileSync(join(copy, 'patch'), patch);
    await exec('git', ['apply', '-p0', 'patch'], { cwd: copy });
  }
  return copy;
}

async function programOf(source: string, directory: string): Promise<Program> {
  const program = await bundleChild(join(source, 'src/bin.ts'));
  const env = { PATH: process.env['PATH'], USER: 'kai', LOGBOARD_HOME: join(directory, 'home') };
  const options = { cwd: directory, env };
  return {
    async json(...argv) {
      const { stdout } = await exec(process.execPath, [program, ...argv, '--json'], options);
      return JSON.parse(stdout);
    },
    start(...argv) {
      const child = spawn(process.execPath, [program, ...argv], { ...options, stdio: 'ignore' });
      onTestFinished(async () => {
        if (child.exitCode !== null) return;
        child.kill('SIGTERM');
        await once(child, 'exit');
      });
      return child;
    },
  };
}

/** What the new program can be asked, and the old one cannot. */
async function ask(source: string, directory: string, task: string) {
  const entry = join(source, 'ask.ts');
  writeFileSync(
    entry,
    `import { openBoardAt } from './src/main.ts';
    const board = await openBoardAt('.logboard', { access: 'read', policy: undefined });
    const queries = await board.read();
    console.log(JSON.stringify({
      words: queries.comments('${task}').map(({ words }) => words),
      completed: queries.completions().map(({ assignee, tasks }) => [assignee, tasks]),
    }));
    await board.close();`,
  );
  const { stdout } = await exec(process.execPath, [await bundleChild(entry)], { cwd: directory });
  return JSON.parse(stdout);
}

/** A board that the program as it is serves, and the program that is to take it over. */
async function aLiveBoard() {
  const [source, directory] = [await followRecipe(), tempDir()];
  const workers = '{ paint: { run: ["true"], onExit: { 0: complete } } }';
  writeFileSync(join(directory, 'logboard.yaml'), `drainMs: 0\nworkers: ${workers}\n`);
  const old = await programOf(house, directory);
  const next = await programOf(source, directory);

  async function painted(title: string): Promise<string> {
    const { id } = await old.json('create', title, '--assignee', 'paint');
    const isDone = async () => (await old.json('show', id)).status === 'done';
    await eventually(`${title} is done`, isDone, 20_000);
    return id;
  }

  const tables = () =>
    readdirSync(join(directory, '.logboard')).filter((name) => /^projections-\w+\.db$/.test(name));
  return { source, directory, old, next, painted, tables };
}

test('the projections have the right types after the recipe', async () => {
  const source = await followRecipe();
  const tsc = join(house, 'node_modules/typescript/bin/tsc');
  const config = { extends: './tsconfig.json', include: ['projections'] };
  writeFileSync(join(source, 'check.json'), JSON.stringify(config));
  await exec(process.execPath, [tsc, '--noEmit', '--incremental', 'false', '-p', 'check.json'], {
    cwd: source,
  });
}, 120_000);

test('the new program takes over a board that the old one goes on serving', async () => {
  const { source, directory, old, next, painted, tables } = await aLiveBoard();
  await old.json('init');
  const serving = old.start('serve');
  const hull = await painted('Paint the hull');
  await old.json('comment', hull, 'Two coats of red.');
  const [theirs] = tables();

  expect(await next.json('rebuild', '--verify')).toMatchObject({ problems: [] });
  expect(await ask(source, directory, hull)).toEqual({ words: [4], completed: [['paint', 1]] });

  await painted('Paint the keel');
  expect(serving.exitCode).toBeNull();
  expect(await ask(source, directory, hull)).toEqual({ words: [4], completed: [['paint', 2]] });
  expect(tables()).toHaveLength(2);
  expect(tables()).toContain(theirs);
  expect(await next.json('verify')).toMatchObject({ ok: true });
  expect(await old.json('verify')).toMatchObject({ ok: true });
}, 120_000);
