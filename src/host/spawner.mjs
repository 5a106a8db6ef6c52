/**
 * The spawner: a small process that starts launchers for a dispatcher, and waits for them.
 *
 * Starting a process forks the one that does it, and holds that one up the longer the more memory
 * it has: a dispatcher with a board in its hands would stand still for milliseconds each time. This
 * one has nothing in its hands. It is JavaScript as it is run, from the sources and from dist
 * alike.
 *
 * Gates are pipes that only this process holds open. It leaves when the dispatcher has gone, and
 * with it every gate closes: whoever was not let go never starts. Whoever was goes on, unless
 * nobody could ever adopt it: then this process is told how much time such a worker has to leave,
 * in ms, and ends it first.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findProgram, isRelative } from './find-program.mjs';

/** @typedef {import('./launchers.ts').SpawnerOrder} SpawnerOrder */
/** @typedef {import('./launchers.ts').SpawnerWord} SpawnerWord */
/** @typedef {import('./launchers.ts').NoLauncher} NoLauncher */

/** @type {Map<number, import('node:stream').Writable>} */
const gates = new Map();
/** The process groups of launchers that have not ended. @type {Set<number>} */
const groups = new Set();
/** Undefined: orphans go on. */
const orphanGraceMs = process.argv[2] === undefined ? undefined : Number(process.argv[2]);
let isOrphaned = false;

process.on('message', (/** @type {SpawnerOrder} */ order) => {
  switch (order.do) {
    case 'start':
      return start(order);
    case 'let_go':
      return void gates.get(order.id)?.end('go\n');
    case 'turn_away':
      return void gates.get(order.id)?.destroy();
  }
});
process.on('disconnect', () => {
  if (orphanGraceMs === undefined) return process.exit();
  isOrphaned = true;
  for (const gate of gates.values()) gate.destroy();
  signalAll('SIGTERM');
  setTimeout(() => {
    signalAll('SIGKILL');
    process.exit();
  }, orphanGraceMs);
  leaveWhenAllHave();
});

/**
 * Signals to everything of a service are the dispatcher's business; it takes its time to leave.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {});
}

/**
 * Every file is made and opened here, not by the dispatcher: a file system may take its time.
 *
 * @param {Extract<SpawnerOrder, { do: 'start' }>} order
 */
function start(order) {
  const { id, launcher: own, argv, cwd, environment } = order;
  /** @type {number[]} */
  const files = [];
  try {
    trying('unusable_file', () => order.make.forEach(makeNew));
    trying('no_workspace', () => lookAtDirectory(cwd));
    const program = trying('no_command', () => lookForProgram(argv[0] ?? '', order));
    trying('unusable_file', () => openFiles(order, files));
    const [log, stdin = 'ignore'] = files;
    const [shell = '', ...args] = [...own, program, ...argv.slice(1)];
    /** @type {import('node:child_process').StdioOptions} */
    const stdio = [stdin, log, log, 'pipe'];
    const launcher = spawn(shell, args, { cwd, env: environment, stdio, detached: true });
    launcher.on('error', (error) => refuse(id, error));
    launcher.once('spawn', () => welcome(id, launcher));
  } catch (error) {
    refuse(id, error);
  } finally {
    files.forEach(closeSync);
  }
}

/**
 * What was being done when it failed: the reason goes with the error.
 *
 * @template T
 * @param {NoLauncher['reason']} reason
 * @param {() => T} act
 */
function trying(reason, act) {
  try {
    return act();
  } catch (error) {
    throw Object.assign(/** @type {Error} */ (error), { reason });
  }
}

/**
 * @param {number} id
 * @param {unknown} error
 */
function refuse(id, error) {
  const {
    reason = 'refused',
    code = 'unknown',
    message,
  } = /** @type {NodeJS.ErrnoException & Partial<NoLauncher>} */ (error);
  say({ id, is: 'refused', reason, errno: code, detail: message });
}

/**
 * Opens the log and, if there is one, the file for stdin; whoever calls closes what is in `files`.
 *
 * @param {import('./launchers.ts').LauncherOrder} order
 * @param {number[]} files
 */
function openFiles({ logPath, stdinPath }, files) {
  files.push(openSync(logPath, 'a', 0o600));
  if (stdinPath !== undefined) files.push(openSync(stdinPath, 'r'));
}

/** @param {import('../dispatcher/ports.ts').NewEntry} entry */
function makeNew(entry) {
  if (entry.is === 'file') {
    writeFileSync(entry.path, entry.content, { mode: 0o600, flag: 'wx' });
    return;
  }
  try {
    mkdirSync(entry.path, { mode: 0o700 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    mkdirSync(dirname(entry.path), { recursive: true, mode: 0o700 });
    mkdirSync(entry.path, { mode: 0o700 });
  }
}

/**
 * Looks before leaping: a failed exec would not say whether directory or program is missing.
 *
 * @param {string} path
 */
function lookAtDirectory(path) {
  if (!statSync(path).isDirectory()) throw fault('ENOTDIR', `${path} is not a directory`);
}

/**
 * @param {string} name
 * @param {{ cwd: string, environment: Readonly<Record<string, string>> }} where
 */
function lookForProgram(name, { cwd, environment }) {
  const path = findProgram(name, { cwd, searchPath: environment['PATH'] ?? '' });
  if (path !== undefined) return path;
  const where = isRelative(name) ? ` in the workspace ${cwd}` : '';
  throw fault('ENOENT', `there is no executable program "${name}"${where}`);
}

/**
 * @param {string} code
 * @param {string} message
 */
function fault(code, message) {
  return Object.assign(new Error(message), { code });
}

/**
 * Its end is told on `exit`, not `close`: a descendant may hold a stream open for as long as it
 * likes.
 *
 * @param {number} id
 * @param {import('node:child_process').ChildProcess} launcher
 */
function welcome(id, launcher) {
  const gate = /** @type {import('node:stream').Writable} */ (launcher.stdio[3]);
  // A launcher that was killed at the gate is noticed by its exit, not by a failed write.
  gate.on('error', () => {});
  gates.set(id, gate);
  const pid = /** @type {number} */ (launcher.pid);
  groups.add(pid);
  launcher.once('exit', (code, signal) => {
    gates.delete(id);
    if (isOrphaned) signalGroup(pid, 'SIGKILL');
    groups.delete(pid);
    leaveWhenAllHave();
    say({ id, is: 'ended', code, signal });
  });
  say({ id, is: 'started', pid });
}

/** @param {NodeJS.Signals} signal */
function signalAll(signal) {
  for (const group of groups) signalGroup(group, signal);
}

/**
 * @param {number} group
 * @param {NodeJS.Signals} signal
 */
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // All of it has left.
  }
}

function leaveWhenAllHave() {
  if (isOrphaned && groups.size === 0) process.exit();
}

/** @param {SpawnerWord} word */
function say(word) {
  // The dispatcher may be gone by now; then nobody has to know.
  process.send?.(word, () => {});
}
