/**
 * Makes programs out of TypeScript entries, so that tests can run them as processes of their own.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
 * stay outside, and what the program loads late stays late: most processes end before they need it.
 * `import.meta.url` keeps naming the source file, so that what lies beside it is found.
 */
export function bundleChild(entry: string): Promise<string> {
  const path = resolve(entry);
  const bundle = bundles.get(path) ?? makeBundle(path);
  bundles.set(path, bundle);
  return bundle;
}

/** Test files in other processes want the same program: it is made when a source has changed. */
async function makeBundle(entry: string): Promise<string> {
  const name = basename(entry, '.ts');
  const directory = join(bundleDirectory, `${name}-${hashOf(entry)}`);
  const program = join(directory, `${name}.mjs`);
  const madeOf = join(directory, 'made-of.json');
  if (isFresh(madeOf)) return program;
  const { outputFiles, metafile } = await bundled(entry, directory);
  await mkdir(directory, { recursive: true });
  // The program comes last: what it loads is there by then.
  const files = outputFiles.toSorted(
    (one, other) => Number(one.path === program) - Number(other.path === program),
  );
  for (const { path, contents } of files) await put(path, contents);
  await put(
    madeOf,
    JSON.stringify(Object.keys(metafile.inputs).map((path) => stampOf(`/${path}`))),
  );
  await removeOthers(directory, new Set(files.map(({ path }) => basename(path))));
  return program;
}

/** Appears at once and whole. */
async function put(path: string, contents: Uint8Array | string): Promise<void> {
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, contents);
  await rename(partial, path);
}

/** Parts of what the program was before. */
async function removeOthers(directory: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.endsWith('.mjs') && !names.has(name)) await rm(join(directory, name), { force: true });
  }
}

type Stamp = readonly [path: string, size: number, changedAtMs: number];

function stampOf(path: string): Stamp {
  const { size, mtimeMs } = statSync(path);
  return [path, size, mtimeMs];
}

/** Whether every source is what it was when the program was made. */
function isFresh(madeOf: string): boolean {
  try {
    const stamps = JSON.parse(readFileSync(madeOf, 'utf8')) as readonly Stamp[];
    return stamps.every((stamp) => stampOf(stamp[0]).join() === stamp.join());
  } catch {
    return false;
  }
}

/** Checkouts may share their packages, but not their programs. */
function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 8);
}

function bundled(entry: string, outdir: string) {
  return build({
    entryPoints: [entry],
    outdir,
    outExtension: { '.js': '.mjs' },
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    absWorkingDir: '/',
    plugins: [sourceUrls],
  });
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
