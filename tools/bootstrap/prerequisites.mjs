/**
 * What must be on the machine before npm is let loose: a Node that is new enough, and the tools
 * that better-sqlite3 is compiled with. Said in one sentence each, instead of by a page of gyp.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const TOOLS = ['python3', 'make', 'g++'];

/**
 * How the tools are installed, by the package manager found; the first one is quoted when none is.
 *
 * @typedef {readonly [program: string, command: (tools: readonly string[]) => string]} Installer
 * @type {readonly [Installer, ...Installer[]]}
 */
const INSTALLERS = [
  ['apt-get', (tools) => `apt-get install -y ${tools.join(' ')}`],
  ['dnf', (tools) => `dnf install -y ${tools.join(' ').replace('g++', 'gcc-c++')}`],
  ['apk', (tools) => `apk add ${tools.join(' ')}`],
  ['xcode-select', () => 'xcode-select --install'],
];

/**
 * Throws when Node is older than package.json's `engines` asks for.
 *
 * @param {string} root
 * @param {string} version as in `process.versions.node`
 */
export function checkNode(root, version) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '');
  if (!isOlder(version, wanted)) return;
  throw new Error(
    `Node ${wanted} or newer is needed, this is ${version}. ` +
      'Install one with `nvm install --lts`, or from https://nodejs.org.',
  );
}

/**
 * Throws when a tool that better-sqlite3 is compiled with is missing, with the command that
 * installs it. `LOGBOARD_PREBUILT=1` does without, for machines that can download a binary.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function checkToolchain(env) {
  if (env['LOGBOARD_PREBUILT'] === '1') return;
  const isFound = (/** @type {string} */ program) => isOnPath(program, env['PATH'] ?? '');
  const missing = TOOLS.filter((tool) => !isFound(tool));
  if (missing.length === 0) return;
  const [, command] = INSTALLERS.find(([program]) => isFound(program)) ?? INSTALLERS[0];
  throw new Error(
    `better-sqlite3 is compiled while it is installed; this machine lacks ${missing.join(', ')}. ` +
      `Install with:\n\n    ${command(missing)}\n\n` +
      'Where GitHub can be reached, LOGBOARD_PREBUILT=1 tries a ready-made binary instead.',
  );
}

/**
 * @param {string} version
 * @param {string} wanted
 */
function isOlder(version, wanted) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/**
 * @param {string} program
 * @param {string} path
 */
function isOnPath(program, path) {
  return path.split(delimiter).some((directory) => isExecutable(join(directory, program)));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
