/**
 * Running one child process to its end, as if it stood in our place: signals reach it, and its end
 * becomes ours.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} End how a process ended */

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end. Throws when it cannot be started.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<End>}
 */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    if (!isFromTerminal(signal)) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}

/**
 * Runs a program that has nothing to say unless it fails: its output goes to a file.
 *
 * @param {string} logFile
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<End>}
 */
export async function runQuietly(logFile, program, args, options) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  try {
    return await run(program, args, { ...options, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

/** Ends this process the way another one ended. @param {End} end */
export function endLike({ code, signal }) {
  if (signal === null) process.exitCode = code ?? 1;
  else process.kill(process.pid, signal);
}

/**
 * Ctrl-C reaches every process of the terminal's foreground group, the child among them. Passed on
 * it would arrive twice, and twice means *now* to a program that drains on the first.
 *
 * @param {NodeJS.Signals} signal
 */
function isFromTerminal(signal) {
  return signal === 'SIGINT' && Boolean(process.stdin.isTTY);
}
