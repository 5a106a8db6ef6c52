/**
 * The build: what TypeScript emits, the SQL and the styles beside it, the command line in one
 * piece, and the board page.
 *
 * dist/ mirrors the checkout, file by file. Nothing stays in it whose source has gone: a test or an
 * `import()` that still found the old file would succeed here and fail everywhere else.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { runQuietly } from './bootstrap/run.mjs';
import { bundle } from './bundle.mjs';
import { buildPage, hasPage, pageProject } from './page.mjs';

const ROOMS = ['src', 'projections', 'test', 'tools'];
const ENTRY = 'src/bin.ts';
/** What modules read from beside them, and no compiler touches. */
const READ_AT_RUN_TIME = ['.sql', '.css'];

/**
 * Which sources a file in dist/ can come from.
 *
 * @type {readonly (readonly [emitted: RegExp, sources: readonly string[]])[]}
 */
const ORIGINS = [
  [/\.(js|js\.map|d\.ts)$/, ['.ts', '.tsx']],
  [/\.(mjs|mjs\.map|d\.mts)$/, ['.mjs']],
  [/\.(cjs|cjs\.map|d\.cts)$/, ['.cjs']],
  [/\.sql$/, ['.sql']],
  [/\.css$/, ['.css']],
];

/**
 * Builds dist/. Throws with the compiler's words when the sources do not compile.
 *
 * @param {string} root
 */
export async function build(root) {
  await compile(root, root);
  if (hasPage(root)) {
    await compile(root, pageProject(root));
    await buildPage(root);
  }
  for (const room of ROOMS) {
    copyBeside(root, room);
    removeOrphans(root, room);
  }
  if (!existsSync(join(root, ENTRY))) return;
  await bundle({ root, entry: ENTRY, starter: 'logboard.cjs' });
}

/**
 * @param {string} root
 * @param {string} project
 */
async function compile(root, project) {
  const compiler = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  const logFile = join(root, '.bootstrap', 'build.log');
  const end = await runQuietly(logFile, process.execPath, [compiler, '--project', project], {
    cwd: root,
  });
  if (end.code === 0) return;
  throw new Error(`the sources do not compile:\n\n${readFileSync(logFile, 'utf8')}`);
}

/**
 * @param {string} root
 * @param {string} room
 */
function copyBeside(root, room) {
  for (const file of filesUnder(join(root, room))) {
    if (!READ_AT_RUN_TIME.includes(extname(file))) continue;
    const target = join(root, 'dist', room, file);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, room, file), target);
  }
}

/**
 * @param {string} root
 * @param {string} room
 */
function removeOrphans(root, room) {
  for (const file of filesUnder(join(root, 'dist', room))) {
    const sources = ORIGINS.flatMap(([emitted, extensions]) =>
      emitted.test(file) ? extensions.map((extension) => file.replace(emitted, extension)) : [],
    );
    const hasSource = sources.some((source) => existsSync(join(root, room, source)));
    if (!hasSource) rmSync(join(root, 'dist', room, file));
  }
}

/**
 * The files of a folder and everything below it, relative to it.
 *
 * @param {string} folder
 */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
