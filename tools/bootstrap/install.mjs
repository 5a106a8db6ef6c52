/**
 * The dependencies: installed exactly as the lock file says, and again whenever it has changed or
 * another Node is used, because better-sqlite3 is compiled for one.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkToolchain } from './prerequisites.mjs';
import { withProgress } from './progress.mjs';
import { runQuietly } from './run.mjs';

const LOG_LINES_SHOWN = 30;

/** Tells whether node_modules is what the lock file and this Node ask for. @param {string} root */
export function isInstalled(root) {
  return readStamp(root) === wantedStamp(root);
}

/**
 * Installs with `npm ci`; what npm says is kept in `.bootstrap/install.log`. Throws with the end of
 * that log when npm fails.
 *
 * @param {string} root
 */
export async function install(root) {
  checkToolchain(process.env);
  const logFile = join(root, '.bootstrap', 'install.log');
  const [npm, ...args] = npmCi(process.env);
  const options = { cwd: root, env: { ...process.env, ...headers() } };
  const task = 'installing dependencies (better-sqlite3 compiles for a minute or two)';
  const end = await withProgress(task, () => runQuietly(logFile, npm, args, options));
  if (end.code !== 0) throw new Error(failure(logFile));
  writeFileSync(stampFile(root), wantedStamp(root));
}

/** What the stamp says once the present lock file is installed. @param {string} root */
export function wantedStamp(root) {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const { platform, arch, versions } = process;
  return `${lock.digest('hex')} ${platform}-${arch} node-abi-${versions.modules}\n`;
}

/** Where the stamp lies: inside node_modules, so that it goes when they go. @param {string} root */
export function stampFile(root) {
  return join(root, 'node_modules', '.logboard-stamp');
}

/** @param {string} root */
function readStamp(root) {
  return existsSync(stampFile(root)) ? readFileSync(stampFile(root), 'utf8') : undefined;
}

/**
 * A clean installation by the npm that started us, else by the one on the path.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[program: string, ...args: string[]]}
 */
function npmCi({ npm_execpath: script }) {
  const ci = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const isNpm = script !== undefined && basename(script).startsWith('npm');
  return isNpm ? [process.execPath, script, ...ci] : ['npm', ...ci];
}

/**
 * Node's own headers, where it came with them: node-gyp would download them from nodejs.org.
 * It reads the first name since npm 11 and the second one before.
 */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  if (!existsSync(join(prefix, 'include', 'node', 'node.h'))) return {};
  return { npm_package_config_node_gyp_nodedir: prefix, npm_config_nodedir: prefix };
}

/** @param {string} logFile */
function failure(logFile) {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  const end = lines.slice(-LOG_LINES_SHOWN).map((line) => `    ${line}`);
  return (
    `\`npm ci\` failed. It ended with:\n\n${end.join('\n')}\n\n` +
    `All of it is in ${logFile}; run the same command again to try again.`
  );
}
