/**
 * The command line in one piece, compiled: Node resolves, reads and compiles every module on its
 * own, and a command that answers in a blink cannot afford two hundred of them. What is loaded with
 * `import()` stands in the same file and runs when it is asked for; what V8 has compiled of it
 * stands beside it (`bundle/program.cjs`).
 *
 * A starter takes the place of the entry TypeScript emitted, which is removed: there is one
 * program. Everything else in dist/ stays where it is, and every bundled module still believes to
 * be there: its `import.meta.url` is that of its unbundled twin, so workers, SQL and other files
 * beside it are found as ever.
 */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runQuietly } from './bootstrap/run.mjs';
import { cacheOf } from './bundle/program.cjs';

/** Packages that are not bundled: a client that few boards ever load. */
const EXTERNAL = ['@eventstore/db-client'];

/** The one way SQL is read: `readFileSync(new URL('./x.sql', import.meta.url), 'utf8')`. */
const SQL_READ = new RegExp(
  [
    /readFileSync\(\s*/,
    /new URL\(\s*'(?<path>\.[^']+\.sql)',\s*import\.meta\.url,?\s*\),\s*/,
    /'utf-?8',?\s*\)/,
  ]
    .map(({ source }) => source)
    .join(''),
  'g',
);

/** Strict as modules are, and the bundle's own address, which a CommonJS module knows as a path. */
const PREAMBLE = [
  "'use strict';",
  "const bundleUrl = require('node:url').pathToFileURL(__filename).href;",
].join('\n');

const REHEARSAL = fileURLToPath(new URL('./bundle/rehearse.mjs', import.meta.url));
const START = 'program.cjs';

/**
 * Bundles an entry into `dist/`, at the place TypeScript emitted it. Throws when esbuild finds an
 * error, or the program cannot be started.
 *
 * @param {{ root: string, entry: string, starter: string }} options entry: below the root, such as
 *   `src/bin.ts`; it awaits nothing at its top level. starter: name of the file that runs it
 */
export async function bundle({ root, entry, starter }) {
  const emitted = join(root, 'dist', entry.replace(/\.ts$/, '.js'));
  const outdir = dirname(emitted);
  const program = emitted.replace(/\.js$/, '.cjs');
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    outfile: program,
    write: false,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // What comes from a cache cannot import; `require` does for the packages left outside.
    supported: { 'dynamic-import': false },
    external: EXTERNAL,
    banner: { js: PREAMBLE },
    plugins: [atHome({ root, outdir }), addonInPlace],
    logLevel: 'warning',
  });
  // V8 takes a cache for one of this program when only the length is the same.
  rmSync(cacheOf(program), { force: true });
  writeFileSync(program, inAscii(outputFiles[0]?.text ?? ''));
  copyFileSync(new URL(`./bundle/${START}`, import.meta.url), join(outdir, START));
  writeFileSync(join(outdir, starter), starterOf(relative(outdir, program)));
  chmodSync(join(outdir, starter), 0o755);
  for (const file of [emitted, `${emitted}.map`]) rmSync(file, { force: true });
  await rehearse(root, program);
}

/** @param {string} program its name, in the folder of the starter */
function starterOf(program) {
  return [
    '#!/usr/bin/env node',
    `require('./${START}').start(require.resolve('./${program}'));`,
    '',
  ].join('\n');
}

/**
 * A script in which every byte is a character, so that nothing has to be decoded. Its strings are
 * so already; what is left are comments and patterns. It has no line for the shell any more.
 *
 * @param {string} script
 */
function inAscii(script) {
  return script
    .replace(/^#!.*/, '')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .trimStart();
}

/**
 * @param {string} root
 * @param {string} program
 */
async function rehearse(root, program) {
  const directory = mkdtempSync(join(tmpdir(), 'logboard-rehearsal-'));
  const logFile = join(root, '.bootstrap', 'rehearsal.log');
  try {
    const end = await runQuietly(logFile, process.execPath, [REHEARSAL, program, directory]);
    if (end.code === 0 && existsSync(cacheOf(program))) return;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  throw new Error(`the program cannot be started; see ${relative(root, logFile)}`);
}

/**
 * Puts the text of SQL files in place of reading them, and each module's own address in place of
 * the bundle's.
 *
 * @param {{ root: string, outdir: string }} place
 * @returns {import('esbuild').Plugin}
 */
function atHome({ root, outdir }) {
  return {
    name: 'at-home',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        const source = await inlineSql(await readFile(path, 'utf8'), dirname(path));
        const twin = join(root, 'dist', relative(root, path)).replace(/\.ts$/, '.js');
        const address = `new URL('./${relative(outdir, twin)}', bundleUrl).href`;
        return { loader: 'ts', contents: source.replaceAll('import.meta.url', address) };
      });
    },
  };
}

/**
 * The package that looks for better-sqlite3's native part would look beside the bundle. It stays
 * where it was installed; the dozen small files of JavaScript around it are bundled like others.
 *
 * @type {import('esbuild').Plugin}
 */
const addonInPlace = {
  name: 'addon-in-place',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^bindings$/ }, ({ path }) => ({ path, namespace: 'addon' }));
    onLoad({ filter: /./, namespace: 'addon' }, () => ({
      contents: "module.exports = (name) => require('better-sqlite3/build/Release/' + name);",
    }));
  },
};

/**
 * @param {string} source
 * @param {string} folder
 */
async function inlineSql(source, folder) {
  const parts = [];
  let end = 0;
  for (const match of source.matchAll(SQL_READ)) {
    const sql = await readFile(resolve(folder, match.groups?.['path'] ?? ''), 'utf8');
    parts.push(source.slice(end, match.index), JSON.stringify(sql));
    end = match.index + match[0].length;
  }
  return [...parts, source.slice(end)].join('');
}
