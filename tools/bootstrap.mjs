#!/usr/bin/env node
/**
 * The one entry behind every npm script: makes the checkout ready, then runs what was asked for.
 *
 *     node tools/bootstrap.mjs <command> [arguments …]
 *
 * Ready means: a Node that is new enough, the dependencies of the lock file, a build of the present
 * sources. Each is looked at every time, in a few milliseconds, and done only where it is missing.
 * Until `npm ci` has run there are no packages, so this file and its room, `tools/bootstrap/`, use
 * Node's own modules only. They speak on stderr: stdout belongs to the program.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt, recordBuild, withdrawBuild } from './bootstrap/build-stamp.mjs';
import { install, isInstalled } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { checkNode } from './bootstrap/prerequisites.mjs';
import { withProgress } from './bootstrap/progress.mjs';
import { endLike, run } from './bootstrap/run.mjs';

/**
 * What a command runs, one Node program after the other; the arguments go to the last.
 *
 * @typedef {object} Command
 * @property {readonly (readonly string[])[]} programs each a script and its first arguments
 * @property {boolean} [compilesAlways] compile even when the program is built: its tests may not be
 * @property {boolean} [closes] ends in a closing line, also when it does not get as far as a test
 */

/** @type {Readonly<Record<string, Command>>} */
const COMMANDS = {
  build: { programs: [], compilesAlways: true },
  test: {
    programs: [
      ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
      ['node_modules/vitest/vitest.mjs', 'run'],
    ],
    compilesAlways: true,
    closes: true,
  },
  tidy: { programs: [['dist/tools/tidy.js']] },
  demo: { programs: [['dist/tools/demo.js']] },
  start: { programs: [['dist/src/logboard.cjs', 'serve']] },
  simulate: { programs: [['dist/tools/simulate.js']] },
  bench: { programs: [['dist/tools/bench.js']] },
  clock: { programs: [['dist/tools/clock.js']] },
  delays: { programs: [['dist/tools/delays.js']] },
  'dispatcher-death': { programs: [['dist/tools/dispatcher-death.js']] },
  crash: { programs: [['dist/tools/crash.js']] },
  powercut: { programs: [['dist/tools/powercut.js']] },
  stress: { programs: [['dist/tools/stress.js']] },
  iofault: { programs: [['dist/tools/iofault.js']] },
  diskfull: { programs: [['dist/tools/diskfull.js']] },
  bitrot: { programs: [['dist/tools/bitrot.js']] },
  leaks: { programs: [['dist/tools/leaks.js']] },
  pictures: { programs: [['dist/tools/pictures.js']] },
  'pid-reuse': { programs: [['dist/tools/pid-reuse.js']] },
  logboard: { programs: [['dist/src/logboard.cjs']] },
};

const root = fileURLToPath(new URL('..', import.meta.url));

await main(process.argv.slice(2));

/** @param {readonly string[]} argv */
async function main([name = '', ...args]) {
  const command = COMMANDS[name];
  if (command === undefined) {
    console.error(`usage: node tools/bootstrap.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`);
    process.exitCode = 2;
    return;
  }
  try {
    checkNode(root, process.versions.node);
    await makeReady(command);
  } catch (error) {
    console.error(`logboard: ${error instanceof Error ? error.message : error}`);
    close(command);
    process.exitCode = 1;
    return;
  }
  await runPrograms(command, args);
}

/** @param {Command} command */
async function makeReady(command) {
  const isReady = () => isInstalled(root) && isBuilt(root) && !command.compilesAlways;
  if (isReady()) return;
  await withLock(root, async () => {
    if (!isInstalled(root)) await install(root);
    if (!isReady()) await build();
  });
}

async function build() {
  // Imported late: it needs packages that may only just have been installed.
  const { build: compile } = await import('./build.mjs');
  const stamp = withdrawBuild(root);
  await withProgress('building', () => compile(root));
  recordBuild(root, stamp);
}

/**
 * @param {Command} command
 * @param {readonly string[]} args
 */
async function runPrograms(command, args) {
  const last = command.programs.at(-1);
  for (const program of command.programs) {
    const [script = '', ...given] = program;
    const rest = program === last ? args : [];
    const end = await run(process.execPath, [join(root, script), ...given, ...rest]);
    if (end.code === 0) continue;
    if (program !== last) close(command);
    endLike(end);
    return;
  }
}

/** Keeps the promise of a closing line where no test came to run. @param {Command} command */
function close(command) {
  if (command.closes) console.log('0 passed, 1 failed');
}
