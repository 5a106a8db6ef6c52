/** The workers of `examples/`, each run against a real server. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tokenFile } from '../../src/host/door-secrets.ts';
import { type OpenHouse, openHouse } from '../http/a-door.ts';
import { makeTask } from '../http/remote.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';

const directory = fileURLToPath(new URL('../../examples/workers/', import.meta.url));

/** How to start each of them, and the program without which it cannot be tried. */
const workers = [
  { name: 'worker.sh', needs: 'curl', line: () => ['sh', join(directory, 'worker.sh')] },
  { name: 'worker.py', needs: 'python3', line: () => ['python3', join(directory, 'worker.py')] },
  { name: 'worker.ts', needs: 'node', line: compiled },
] as const;

/** Not every Node that is supported reads TypeScript. */
function compiled(): readonly string[] {
  const source = readFileSync(join(directory, 'worker.ts'), 'utf8');
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  const path = join(tempDir(), 'worker.mjs');
  writeFileSync(path, outputText);
  return [process.execPath, path];
}

function isHere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`SKIPPED: the example that needs ${program} was not run, it is not installed.`);
    return false;
  }
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(line: readonly string[], house: OpenHouse, pace = '0'): Promise<Ended> {
  const [program = '', ...args] = line;
  const env = {
    PATH: process.env['PATH'],
    LOGBOARD_URL: house.door.address,
    LOGBOARD_TOKEN_FILE: tokenFile(house.directory, 'worker'),
    LOGBOARD_ASSIGNEE: 'gpu',
    LOGBOARD_WAIT_MS: '0',
    LOGBOARD_EXAMPLE_PACE: pace,
  };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (said.stdout += text));
  child.stderr.on('data', (text) => (said.stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

async function lastRun({ board }: OpenHouse, taskId: string) {
  return (await board.read()).runs(taskId).at(-1);
}

describe.each(workers.filter(({ needs }) => isHere(needs)))('$name', ({ line }) => {
  test('works on a task until it is done', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);

    const { code, stdout, stderr } = await run(line(), house);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^working on ${taskId} in R-.*\ndone\n$`));
    expect(await lastRun(house, taskId)).toMatchObject({
      outcome: 'completed',
      note: 'page 3 of 3',
      ending: { summary: '3 pages', metadata: { pages: 3 } },
    });
  });

  test('says that there is nothing to do', async () => {
    expect(await run(line(), await openHouse())).toEqual({ code: 5, stdout: '', stderr: '' });
  });

  test('stops when its run was taken away', async () => {
    const house = await openHouse();
    const taskId = await makeTask(house);
    const ada = house.board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
    const working = run(line(), house, '0.3');
    await eventually(
      'it works',
      async () => (await lastRun(house, taskId))?.note === 'page 1 of 3',
    );

    await ada.reclaim(taskId, 'it took too long');
    const { code } = await working;

    expect(code).toBe(4);
    expect(await lastRun(house, taskId)).toMatchObject({ outcome: 'reclaimed' });
  });
});
