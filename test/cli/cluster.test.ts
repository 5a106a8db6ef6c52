/** A board on a cluster, from the command line: two hosts, and what cannot be done there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';
import type { Faults } from '../loopback/faults.ts';
import { startLoopback } from '../loopback/node.ts';
import { commandLine } from './command-line.ts';

async function startNode(faults: Partial<Faults> = {}) {
  const node = await startLoopback({ faults });
  onTestFinished(() => node.close());
  return node;
}

it('a board is the same on two hosts, whose directories remember where it is', async () => {
  const { url } = await startNode();
  const [here, there] = [commandLine(), commandLine()];
  await here.json(['--log', url, 'init']);
  const environment = { LOGBOARD_LOG: url };
  const first = await here.create('from here');
  expect(await there.json(['show', first], { environment })).toMatchObject({ title: 'from here' });
  const second = await there.create('from there');
  expect(await here.json(['show', second])).toMatchObject({ title: 'from there' });
  const [verified, elsewhere] = [await here.json(['verify']), await there.json(['verify'])];
  expect(verified).toMatchObject({ ok: true, position: 3, problems: [] });
  expect(elsewhere).toEqual(verified);
});

it('a directory keeps the connection string for its owner, and no password is shown', async () => {
  const { url } = await startNode();
  const cli = commandLine();
  const log = url.replace('//', '//kai:secret@');
  writeFileSync(join(cli.directory, 'logboard.yaml'), `log: ${log}\n`);
  await cli.json(['init']);
  const { mode } = statSync(join(cli.directory, '.logboard', 'cluster'));
  expect(mode & 0o777).toBe(0o600);
  const { stdout } = await cli.run(['config', 'list', '--origin']);
  expect(stdout).toContain('esdb://127.0.0.1');
  expect(stdout).not.toContain('secret');
});

it('a backup of it is restored to a board that lives here', async () => {
  const { url } = await startNode();
  const cli = commandLine();
  await cli.json(['--log', url, 'init']);
  const task = await cli.create('worth keeping');
  await cli.json(['backup', 'copy.db']);
  await cli.json(['--board', './home-again', 'restore', 'copy.db']);
  expect(await cli.json(['--board', './home-again', 'show', task])).toMatchObject({
    title: 'worth keeping',
  });
  await cli.json(['--board', './home-again', 'create', 'and going on']);
});

it('names the board: two of them are on one cluster, side by side', async () => {
  const { url } = await startNode();
  const cli = commandLine();
  for (const board of ['ops', 'dev']) {
    await cli.json(['--board', board, '--log', url, 'init']);
    await cli.json(['--board', board, 'create', `for ${board}`]);
  }
  const [only, ...others] = await cli.json(['--board', 'dev', 'list']);
  expect(only).toMatchObject({ title: 'for dev' });
  expect(others).toEqual([]);
});

it.each<[what: string, code: string, words: readonly string[], Partial<Faults>?]>([
  ['a file', 'bad_config', ['init'], {}],
  ['no board', 'no_log', ['list']],
  ['a name of no board', 'bad_board_name', ['--board', './ÄÖ', 'init']],
  ['a user who was refused', 'log_access_denied', ['init'], { denyUser: true }],
  ['a user who may not read everything', 'log_access_denied', ['init'], { denyAll: true }],
  ['a replica that is read only', 'log_read_only_node', ['init'], { readOnly: true }],
  ['a server that takes any version', 'log_unsafe', ['init'], { ignoresExpected: true }],
])('%s is said in words: %s', async (what, code, words, faults) => {
  const { url } = await startNode(faults);
  const environment = { LOGBOARD_LOG: what === 'a file' ? './log.db' : url };
  const { exit, stdout } = await commandLine().run([...words, '--json'], { environment });
  const { error } = JSON.parse(stdout);
  expect(error).toMatchObject({ code, hint: expect.stringMatching(/\w/) });
  expect(exit).not.toBe(0);
});

it('what a cluster cannot do is refused: encrypting, thinning', async () => {
  const { url } = await startNode();
  const cli = commandLine();
  const environment = { LOGBOARD_PRIVACY_ENCRYPT: 'true' };
  const encrypted = await cli.run(['--log', url, 'init', '--json'], { environment });
  expect(JSON.parse(encrypted.stdout).error.code).toBe('no_sealing_on_cluster');
  await cli.json(['--log', url, 'init']);
  const thinned = await cli.run(['gc', '--json']);
  expect(JSON.parse(thinned.stdout).error.code).toBe('not_on_cluster');
});

it('an incident file and a board exclude each other, a cluster and a board do not', async () => {
  const { exit, stderr } = await commandLine().run(['list', '--board', 'x', '--log', 'file.jsonl']);
  expect(exit).toBe(2);
  expect(stderr).toContain('--log and --board exclude each other');
});

it('who has no cluster does not load the client of one', async () => {
  const directory = tempDir();
  const hook = join(directory, 'hook.cjs');
  writeFileSync(
    hook,
    `const { _load } = require('node:module');
     require('node:module')._load = function (name, ...rest) {
       if (/eventstore|grpc|protobuf/.test(name)) process.exit(99);
       return _load.call(this, name, ...rest);
     };`,
  );
  const program = await bundleChild(fileURLToPath(new URL('../../src/bin.ts', import.meta.url)));
  const exitOf = async (...words: string[]) => {
    const env = { PATH: process.env['PATH'], USER: 'kai', LOGBOARD_HOME: join(directory, 'home') };
    const argv = ['--require', hook, program, ...words];
    const child = spawn(process.execPath, argv, { cwd: directory, env, stdio: 'ignore' });
    return (await once(child, 'exit'))[0];
  };
  expect(await exitOf('init')).toBe(0);
  expect(await exitOf('create', 'a task')).toBe(0);
  const cluster = ['--board', 'x', '--log', 'esdb://127.0.0.1:1?tls=false'];
  expect(await exitOf(...cluster, 'list')).toBe(99);
});
