/**
 * The bootstrap, in a checkout where npm and the build are stand-ins that write down when they were
 * called: what it does, what it leaves alone, and what it says.
 */
import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Checkout, createCheckout, type Running } from './checkout.ts';

describe('a fresh checkout', () => {
  test('is installed and built before its program runs with the arguments given', async () => {
    const checkout = createSetUp();

    const ended = await start(checkout, ['logboard', 'list', '--json']).ended;

    expect(calls(checkout)).toEqual(['npm ci --include=dev --no-audit --no-fund', 'build']);
    expect(ended).toMatchObject({ code: 0, stdout: 'ran list --json\n' });
    expect(ended.stderr).toContain('installing dependencies');
  });

  test('is set up once by two that start together', async () => {
    const checkout = createSetUp();
    checkout.write({ 'npm-waits': '' });

    const first = start(checkout, ['logboard', 'first']);
    await first.says('installing');
    const second = start(checkout, ['logboard', 'second']);
    await second.says('waiting for process');
    checkout.write({ 'npm-may-go-on': '' });

    expect(await Promise.all([first.ended, second.ended])).toMatchObject([
      { code: 0, stdout: 'ran first\n' },
      { code: 0, stdout: 'ran second\n' },
    ]);
    expect(calls(checkout)).toHaveLength(2);
  });

  test.each([
    ['a process that died', '4194305 started at 1'],
    ['a process whose id belongs to another one now', `${process.pid} started at 1`],
  ])('is not held up by the lock of %s', async (_, owner) => {
    const checkout = createSetUp();
    checkout.write({ '.bootstrap/lock/owner': owner });

    expect(await start(checkout, ['build']).ended).toMatchObject({ code: 0 });
    expect(calls(checkout)).toHaveLength(2);
  });
});

describe('a checkout that is ready', () => {
  test('is neither installed nor built again, nor searched for a compiler', async () => {
    const checkout = await createReady();

    const ended = await start(checkout, ['logboard', 'again'], { PATH: '' }).ended;

    expect(ended).toMatchObject({ code: 0, stdout: 'ran again\n', stderr: '' });
    expect(calls(checkout)).toEqual([]);
  });

  test('is built again when a source was saved', async () => {
    const checkout = await createReady();
    utimesSync(join(checkout.root, 'src/bin.ts'), 1, 1);

    await start(checkout, ['logboard']).ended;

    expect(calls(checkout)).toEqual(['build']);
  });

  test('is built again when a source was removed', async () => {
    const checkout = await createReady();
    checkout.remove('src/bin.ts');

    await start(checkout, ['logboard']).ended;

    expect(calls(checkout)).toEqual(['build']);
  });

  test('is installed and built again when the lock file has changed', async () => {
    const checkout = await createReady();
    checkout.write({ 'package-lock.json': '{ "changed": true }' });

    await start(checkout, ['logboard']).ended;

    expect(calls(checkout)).toHaveLength(2);
  });
});

describe('what is missing', () => {
  test('is every tool that compiles better-sqlite3, with the command for it', async () => {
    const checkout = createSetUp();

    const ended = await start(checkout, ['start'], { PATH: '' }).ended;

    expect(ended.stderr).toContain('lacks python3, make, g++');
    expect(ended.stderr).toContain('\n    apt-get install -y python3 make g++\n');
    expect(ended.code).toBe(1);
    expect(calls(checkout)).toEqual([]);
  });

  test('is only what is really missing', async () => {
    const checkout = createSetUp();
    checkout.remove('bin/g++');

    const ended = await start(checkout, ['start']).ended;

    expect(ended.stderr).toContain('lacks g++.');
    expect(ended.stderr).toContain('\n    apt-get install -y g++\n');
  });

  test('is asked for in the words of the package manager at hand', async () => {
    const checkout = createSetUp();
    checkout.remove('bin/g++');
    checkout.writeProgram('bin/dnf', '');

    const ended = await start(checkout, ['start']).ended;

    expect(ended.stderr).toContain('\n    dnf install -y gcc-c++\n');
  });

  test('may be a Node that is new enough', async () => {
    const checkout = createSetUp();
    checkout.write({ 'package.json': '{ "type": "module", "engines": { "node": ">=99.1" } }' });

    const ended = await start(checkout, ['start']).ended;

    expect(ended.stderr).toContain(
      `Node 99.1 or newer is needed, this is ${process.versions.node}`,
    );
    expect(ended.code).toBe(1);
  });
});

describe('an installation that fails', () => {
  test('shows how npm ended, and is tried again the next time', async () => {
    const checkout = createSetUp();
    checkout.write({ 'npm-fails': '' });

    const failed = await start(checkout, ['logboard']).ended;
    checkout.remove('npm-fails');
    const repeated = await start(checkout, ['logboard']).ended;

    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('npm could not reach the registry');
    expect(repeated.code).toBe(0);
  });

  test('closes a test run like any other failure', async () => {
    const checkout = createSetUp();
    checkout.write({ 'npm-fails': '' });

    const ended = await start(checkout, ['test']).ended;

    expect(ended).toMatchObject({ code: 1, stdout: '0 passed, 1 failed\n' });
  });
});

describe('the program', () => {
  test('gives the bootstrap its exit code', async () => {
    const checkout = await createReady();

    expect(await start(checkout, ['logboard', 'exit', '7']).ended).toMatchObject({ code: 7 });
  });

  test('receives the signals sent to the bootstrap, once', async () => {
    const checkout = await createReady();

    const running = start(checkout, ['logboard', 'wait']);
    await running.says('ready for signals');
    running.kill('SIGINT');
    await running.says('SIGINT');
    running.kill('SIGTERM');

    expect(await running.ended).toMatchObject({
      code: 3,
      stdout: 'ran wait\nready for signals\nSIGINT\nSIGTERM\n',
    });
  });

  test('that dies by a signal takes the bootstrap along in the same way', async () => {
    const checkout = await createReady();

    const ended = await start(checkout, ['logboard', 'kill', 'SIGKILL']).ended;

    expect(ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('must be one that exists', async () => {
    const ended = await start(await createReady(), ['deploy']).ended;

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('usage: ');
  });
});

/** A checkout before its first set-up, with every tool in place. */
function createSetUp(): Checkout {
  const checkout = createCheckout({
    'package.json': '{ "type": "module", "engines": { "node": ">=20.19" } }',
    'package-lock.json': '{}',
    'src/bin.ts': '',
    'tools/build.mjs': STAND_IN_BUILD,
    'npm-cli.mjs': STAND_IN_NPM,
    calls: '',
  });
  checkout.borrow('tools/bootstrap.mjs', 'tools/bootstrap');
  for (const tool of ['python3', 'make', 'g++']) checkout.writeProgram(`bin/${tool}`, '');
  return checkout;
}

/** The same after its first set-up, with no calls counted yet. */
async function createReady(): Promise<Checkout> {
  const checkout = createSetUp();
  await start(checkout, ['build']).ended;
  checkout.write({ calls: '' });
  return checkout;
}

function start(checkout: Checkout, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const { root } = checkout;
  const npm = join(root, 'npm-cli.mjs');
  return checkout.start(['tools/bootstrap.mjs', ...args], {
    PATH: join(root, 'bin'),
    npm_execpath: npm,
    ...env,
  });
}

function calls({ root }: Checkout): string[] {
  return readFileSync(join(root, 'calls'), 'utf8').split('\n').filter(Boolean);
}

const STAND_IN_NPM = `
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

appendFileSync('calls', \`npm \${process.argv.slice(2).join(' ')}\\n\`);
while (existsSync('npm-waits') && !existsSync('npm-may-go-on')) await setTimeout(5);
mkdirSync('node_modules', { recursive: true });
if (existsSync('npm-fails')) {
  console.error('npm could not reach the registry');
  process.exit(1);
}
`;

const STAND_IN_BUILD = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';

export async function build() {
  appendFileSync('calls', 'build\\n');
  mkdirSync('dist/src', { recursive: true });
  writeFileSync('dist/src/logboard.cjs', PROGRAM);
}

const PROGRAM = \`
const [verb, value] = process.argv.slice(2);
console.log('ran', ...process.argv.slice(2));
if (verb === 'exit') process.exit(Number(value));
if (verb === 'kill') process.kill(process.pid, value);
if (verb === 'wait') {
  process.on('SIGINT', () => console.log('SIGINT'));
  process.on('SIGTERM', () => {
    console.log('SIGTERM');
    process.exit(3);
  });
  setInterval(() => {}, 1_000);
  console.log('ready for signals');
}
\`;
`;
