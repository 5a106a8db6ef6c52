/**
 * The command line in one piece: Node resolves, reads and compiles every module on its own, and a
 * command that answers in a blink cannot afford two hundred of them. Verbs that are loaded with
 * `import()` become files of their own, so that no command pays for another.
 *
 * The bundle takes the place of the entry TypeScript emitted. Everything else in dist/ stays where
 * it is, and every bundled module still believes to be there: its `import.meta.url` is that of its
 * unbundled twin, so workers, SQL and other files beside it are found as ever.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/** Packages that are not bundled: native code, and a client that few boards ever load. */
const EXTERNAL = ['better-sqlite3', '@eventstore/db-client'];

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

/** CommonJS packages call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url);',
].join('\n');

/**
 * Bundles an entry into `dist/`, at the place TypeScript emitted it. Throws when esbuild finds an
 * error.
 *
 * @param {{ root: string, entry: string }} options entry: below the root, such as `src/bin.ts`
 */
export async function bundle({ root, entry }) {
  const outdir = join(root, 'dist', dirname(entry));
  await build({
    entryPoints: [join(root, entry)],
    outdir,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    banner: { js: REQUIRE },
    plugins: [atHome({ root, outdir })],
    logLevel: 'warning',
  });
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
        const address = `new URL('./${relative(outdir, twin)}', import.meta.url).href`;
        return { loader: 'ts', contents: source.replaceAll('import.meta.url', address) };
      });
    },
  };
}

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
