/**
 * Makes programs out of TypeScript entries, so that tests can run them as processes of their own.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** Below node_modules, so that the program finds the packages that stay outside of it. */
const bundleDirectory = fileURLToPath(
  new URL('../../node_modules/.cache/logboard-test/', import.meta.url),
);

const bundles = new Map<string, Promise<string>>();

/**
 * Bundles the TypeScript file `entry` and answers the path of a program that Node can run. Packages
 * stay outside. `import.meta.url` keeps naming the source file, so that what lies beside it is
 * found.
 */
export function bundleChild(entry: string): Promise<string> {
  const path = resolve(entry);
  const bundle = bundles.get(path) ?? writeBundle(path);
  bundles.set(path, bundle);
  return bundle;
}

/** Appears at once and whole: test files in other processes may want the same program. */
async function writeBundle(entry: string): Promise<string> {
  const program = join(bundleDirectory, `${basename(entry, '.ts')}-${hashOf(entry)}.mjs`);
  const partial = `${program}.${process.pid}`;
  await mkdir(bundleDirectory, { recursive: true });
  await writeFile(partial, await bundled(entry));
  await rename(partial, program);
  return program;
}

/** Checkouts may share their packages, but not their programs. */
function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 8);
}

async function bundled(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [sourceUrls],
  });
  return outputFiles[0]!.contents;
}

const sourceUrls: Plugin = {
  name: 'source-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: source.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};
