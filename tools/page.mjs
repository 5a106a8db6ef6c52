/**
 * The board page: its types are checked with the browser's own, then Vite makes `dist/web` of it.
 * What comes out obeys the strictest content security policy: no inline script or style, nothing
 * evaluated, nothing fetched from elsewhere; every file but the document carries its hash.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Decodes `&amp;` and its like in Markdown. Its build for browsers does so by way of `innerHTML`,
 * which the policy of the page refuses; the one for everybody else has a table.
 */
const ENTITIES = 'decode-named-character-reference';

/** The room of the page. */
const ROOM = join('src', 'web');

/** Tells whether this checkout has a page. @param {string} root */
export function hasPage(root) {
  return existsSync(join(root, ROOM, 'index.html'));
}

/** The compiler's project of the page. @param {string} root */
export function pageProject(root) {
  return join(root, ROOM, 'tsconfig.json');
}

/**
 * Bundles the page into `dist/web`, which it empties first. Throws when Vite finds an error.
 *
 * @param {string} root
 */
export async function buildPage(root) {
  const { build } = await import('vite');
  await build({
    root: join(root, ROOM),
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: { [ENTITIES]: fileURLToPath(import.meta.resolve(ENTITIES)) } },
    // What ships is the same whatever NODE_ENV says, and never React's development build.
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      outDir: join(root, 'dist', 'web'),
      emptyOutDir: true,
      target: 'es2023',
      // What is inlined as a data: address is refused where scripts and styles come from.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      rolldownOptions: { onLog },
    },
  });
}

/**
 * Packages mark what renders in browsers for servers that render, too; there is none here.
 *
 * @type {NonNullable<import('vite').Rolldown.InputOptions['onLog']>}
 */
function onLog(level, log, handle) {
  if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
}
