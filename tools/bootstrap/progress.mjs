/**
 * Progress of long work on stderr: a line that counts the seconds on a terminal; in a log file one
 * line at the start, one now and then, and one at the end.
 */

const TERMINAL_EVERY_MS = 1_000;
const LOG_EVERY_MS = 15_000;

/**
 * Does the work, showing what it is and for how long it has been going on.
 *
 * @template Result
 * @param {string} task what is being done, as a participle: "building"
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withProgress(task, work) {
  const startedAtMs = performance.now();
  const isTerminal = Boolean(process.stderr.isTTY);
  const show = (/** @type {string} */ ending) => {
    const elapsed = `${Math.round((performance.now() - startedAtMs) / 1_000)} s`;
    const line = `logboard: ${task} … ${elapsed}`;
    process.stderr.write(isTerminal ? `\r${line}${ending}` : `${line}\n`);
  };
  show('');
  const timer = setInterval(show, isTerminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS, '');
  try {
    return await work();
  } finally {
    clearInterval(timer);
    show('\n');
  }
}
