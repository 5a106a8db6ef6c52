/**
 * The demo as it is, on a cluster: its own dispatcher and those of two more hosts, each a process
 * with a home and a replica of its own, over a node in a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { pagesOf } from '../../src/log/pages.ts';
import { openBoardAt } from '../../src/main.ts';
import { configuration } from '../../tools/demo/plan.ts';
import { bundleChild } from '../kit/child.ts';
import { demoPrograms, playDemo } from '../kit/demo-board.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { kill } from '../log/run-child.ts';

const timeout = 240_000;

async function start(entry: string, args: readonly string[], env: Record<string, string> = {}) {
  const program = await bundleChild(fileURLToPath(new URL(entry, import.meta.url)));
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: [...stdio],
  });
  onTestFinished(() => kill(child));
  return child;
}

/** A node of a cluster; answers how to connect to it. */
async function startNode(): Promise<string> {
  const child = await start('../loopback/main.ts', []);
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line).url;
}

/** A host that serves the board as soon as there is one. */
async function startHost(log: string): Promise<{ directory: string; child: ChildProcess }> {
  const home = tempDir();
  const directory = join(home, 'board');
  const file = join(home, 'logboard.yaml');
  mkdirSync(directory);
  writeFileSync(file, configuration(await demoPrograms()));
  const env = { LOGBOARD_LOG: log, LOGBOARD_HOME: join(home, 'home') };
  return { directory, child: await start('children/cluster-host.ts', [directory, file], env) };
}

async function claimants(log: EventLog): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const page of pagesOf(log)) {
    for (const stored of page) {
      const event = codec.decode(stored);
      if (event.type === 'TaskClaimed') found.add(event.data.claimedBy);
    }
  }
  return found;
}

test('the demo keeps every promise on a cluster that three hosts serve', { timeout }, async () => {
  const log = `${await startNode()}&board=demo`;
  const hosts = [await startHost(log), await startHost(log)];
  const { directory, checks } = await playDemo({ LOGBOARD_LOG: log }, tempDir());
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);

  for (const { child } of hosts) child.kill('SIGTERM');
  const ends = await Promise.all(hosts.map(({ child }) => child.exitCode ?? once(child, 'exit')));
  expect(ends).toEqual([
    [0, null],
    [0, null],
  ]);

  const heads = [directory, ...hosts.map((host) => host.directory)].map(async (place) => {
    const board = await openBoardAt(place, { access: 'read', policy: undefined });
    try {
      return { ...(await board.log.head()), claimants: await claimants(board.log) };
    } finally {
      await board.close();
    }
  });
  const [here, ...elsewhere] = await Promise.all(heads);
  expect(elsewhere).toEqual([here, here]);
  expect(here!.claimants.size).toBeGreaterThan(1);
});
