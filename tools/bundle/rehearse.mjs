/**
 * Lets a program go through what its users do most, and keeps what V8 compiled on the way: what
 * nobody called is not compiled, and would be missing.
 *
 * `rehearse.mjs <program> <directory>`: the directory is for the board it plays with.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOf, compile, run } from './program.cjs';

/** What earlier scenes answered, one over the other. @type {Record<string, string>} */
const answered = {};

/** A task's life as a worker and its owner tell it. */
const scenes = [
  () => ['create', 'a task', '--body', 'its text', '--json'],
  () => ['claim', answered['id'], '--json'],
  () => ['heartbeat', '--run', answered['runId'], '--note', 'half of it', '--json'],
  () => ['comment', answered['id'], 'a comment'],
  () => ['context', answered['id']],
  () => ['complete', '--run', answered['runId'], '--summary', 'done'],
  () => ['show', answered['id']],
  () => ['list'],
];

const [, , program = '', directory = ''] = process.argv;
const script = compile(program);

for (const name of Object.keys(process.env)) {
  // Whoever builds may be a worker, whose run is none of the rehearsal's business.
  if (name.startsWith('LOGBOARD_')) delete process.env[name];
}
process.env['LOGBOARD_HOME'] = join(directory, 'home');
process.env['LOGBOARD_BOARD'] = join(directory, 'board');
process.stdout.write = hear;
process.on('beforeExit', goOn);
playNext();

/** A scene is over when there is nothing left to wait for. */
function goOn() {
  setImmediate(playNext);
}

function playNext() {
  const scene = scenes.shift();
  if (scene === undefined) {
    process.off('beforeExit', goOn);
    writeFileSync(cacheOf(program), script.createCachedData());
    process.exitCode = 0;
    return;
  }
  const args = scene().map((arg) => arg ?? '');
  process.argv = [process.execPath, program, ...args];
  run(script, program);
}

/** @param {string | Uint8Array} chunk */
function hear(chunk) {
  try {
    Object.assign(answered, JSON.parse(String(chunk)));
  } catch {
    // An answer for people.
  }
  return true;
}
