/**
 * The spawner: a small process that starts launchers for a dispatcher, and waits for them.
 *
 * Starting a process forks the one that does it, and holds that one up the longer the more memory
 * it has: a dispatcher with a board in its hands would stand still for milliseconds each time. This
 * one has nothing in its hands. It is JavaScript as it is run, from the sources and from dist
 * alike.
 *
 * Gates are pipes that only this process holds open. It leaves when the dispatcher has gone, and
 * with it every gate closes: whoever was not let go never starts. Whoever was goes on.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** @typedef {import('./launchers.ts').SpawnerOrder} SpawnerOrder */
/** @typedef {import('./launchers.ts').SpawnerWord} SpawnerWord */

/** @type {Map<number, import('node:stream').Writable>} */
const gates = new Map();

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
process.on('disconnect', () => process.exit());

/**
 * Signals to a terminal's whole group are the dispatcher's business; it takes its time to leave.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {});
}

/** @param {Extract<SpawnerOrder, { do: 'start' }>} order */
function start({ id, command, cwd, environment, logPath, stdinPath }) {
  /** @type {number[]} */
  const files = [];
  /** @type {'unusable_file' | 'refused'} */
  let reason = 'unusable_file';
  /** @param {unknown} error */
  const refuse = (error) => {
    const { code = 'unknown', message } = /** @type {NodeJS.ErrnoException} */ (error);
    say({ id, is: 'refused', reason, errno: code, detail: message });
  };
  try {
    const log = openSync(logPath, 'a', 0o600);
    files.push(log);
    const stdin = stdinPath === undefined ? 'ignore' : openSync(stdinPath, 'r');
    if (typeof stdin === 'number') {
      files.push(stdin);
    }
    reason = 'refused';
    const [program = '', ...args] = command;
    /** @type {import('node:child_process').StdioOptions} */
    const stdio = [stdin, log, log, 'pipe'];
    const launcher = spawn(program, args, { cwd, env: environment, stdio, detached: true });
    launcher.on('error', refuse);
    launcher.once('spawn', () => welcome(id, launcher));
  } catch (error) {
    refuse(error);
  } finally {
    files.forEach(closeSync);
  }
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
  launcher.once('exit', (code, signal) => {
    gates.delete(id);
    say({ id, is: 'ended', code, signal });
  });
  say({ id, is: 'started', pid: /** @type {number} */ (launcher.pid) });
}

/** @param {SpawnerWord} word */
function say(word) {
  // The dispatcher may be gone by now; then nobody has to know.
  process.send?.(word, () => {});
}
