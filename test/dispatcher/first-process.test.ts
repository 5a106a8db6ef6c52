/** A dispatcher in a pid namespace of its own, as in a container: who waits for orphans there. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleChild } from '../kit/child.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { type DispatcherProcess, openWaters } from './other-processes.ts';
import { childrenOf, spawnerOf, zombiesOf } from './relatives.ts';

const binary = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

/** What makes the command behind it process 1 of a namespace, which ends with it. */
const namespace = [
  'unshare',
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
  ...['--pid', '--fork', '--mount-proc', '--kill-child'],
];
const isPossible = spawnSync(namespace[0] as string, [...namespace.slice(1), 'true']).status === 0;
if (!isPossible) console.warn('skipped: this machine does not let us make pid namespaces');

const crew = 25;
const rounds = Number(process.env['LOGBOARD_TEST_WORKERS'] ?? 50) / crew;
const onExit = { 0: 'complete' } as const;

/** A worker that leaves an orphan, which ends a little later. */
const parent = { run: ['sh', '-c', '(setsid sleep 0.01 <&- >&- 2>&- &)'], onExit };
const plain = { run: ['true'], onExit };

/** Starts a dispatcher behind an init, lets its workers work, and answers who is process 1. */
async function worked(init: readonly string[]) {
  const rules = { drainMs: 50, retryBackoffMs: 10, killGraceMs: 300, maxRunning: crew };
  const waters = await openWaters({ plain, parent }, rules);
  const dispatcher = await waters.dispatch({ within: [...namespace, ...init] });
  const first = childrenOf(dispatcher.pid)[0]?.pid as number;
  for (let round = 1; round <= rounds; round += 1) {
    const assignees = Array.from({ length: crew }, (_, n) => (n % 5 ? 'plain' : 'parent'));
    const tasks = await Promise.all(assignees.map(waters.task));
    for (const taskId of tasks) await waters.until(taskId, 'done');
  }
  await eventually('all are told', () => reapedBy(dispatcher) === rounds * crew);
  return { ...waters, dispatcher, first, orphans: (rounds * crew) / 5 };
}

function reapedBy({ told }: DispatcherProcess): unknown {
  return told.findLast(({ kind }) => kind === 'reaped')?.facts['total'];
}

/** The script in the guide about containers. */
function initOfGuide(): string {
  const guide = fileURLToPath(new URL('../../docs/containers.md', import.meta.url));
  const [, script = ''] = /```sh\n([^`]*)```/.exec(readFileSync(guide, 'utf8')) ?? [];
  const path = join(tempDir(), 'init');
  writeFileSync(path, script);
  return path;
}

describe.skipIf(!isPossible)('as process 1', () => {
  it('a dispatcher leaves a zombie for each orphan, and none for a worker', async () => {
    const { first, orphans } = await worked([]);
    expect(zombiesOf(await spawnerOf(first))).toEqual([]);
    await eventually('the orphans have ended', () => zombiesOf(first).length === orphans);
  }, 120_000);

  it.each([['serve', '--json'], ['dispatch'], ['doctor']])(
    '`logboard %s` warns',
    async (...argv) => {
      const [unshare = '', ...args] = [...namespace, process.execPath, await bundleChild(binary)];
      const place = ['--board', tempDir()];
      spawnSync(process.execPath, [await bundleChild(binary), 'init', ...place], {
        cwd: tempDir(),
      });
      const env = { ...process.env, LOGBOARD_HOME: tempDir() };
      const logboard = spawn(unshare, [...args, ...argv, ...place], { cwd: tempDir(), env });
      // Its pipes are closed when whatever it started is gone, and writes to the board no more.
      const isGone = once(logboard, 'close');
      onTestFinished(async () => {
        logboard.kill('SIGKILL');
        await isGone;
      });
      let said = '';
      for (const stream of [logboard.stdout, logboard.stderr]) {
        stream.on('data', (text) => {
          said += text;
        });
      }
      await eventually('it warns', () => said.includes('process 1'));
      expect(said).toContain('docs/containers.md');
    },
  );

  it.each(['sh', 'bash'])(
    'a %s with the script of the guide leaves none',
    async (shell) => {
      const { dispatcher, first } = await worked([shell, initOfGuide()]);
      const [serving] = childrenOf(first);
      expect(zombiesOf(await spawnerOf(serving?.pid as number))).toEqual([]);
      await eventually('nobody is left behind', () => childrenOf(first).length === 1);
      process.kill(first, 'SIGTERM');
      await eventually('it has gone', () => dispatcher.process.exitCode !== null);
      expect(dispatcher.process.exitCode).toBe(0);
      expect(dispatcher.told.map(({ kind }) => kind)).toContain('stopped');
    },
    120_000,
  );
});
