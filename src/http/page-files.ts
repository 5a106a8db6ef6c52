/** The files of the built page, as they are; nothing else of the disk can be named. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const notBuilt = 'The page was not built. Run `npm run build`; the API is at /api/v1.\n';

/** A way to the files in a directory, read once, when the first is asked for. */
export function createPageFiles(directory: string): (path: string) => Response | undefined {
  let files: ReadonlyMap<string, Uint8Array<ArrayBuffer>> | undefined;

  return (path) => {
    files ??= filesIn(directory);
    if (files.size === 0) {
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
      return path === '/' ? new Response(notBuilt, { status: 503, headers }) : undefined;
    }
    const name = path === '/' ? '/index.html' : path;
    const bytes = files.get(name);
    return bytes && new Response(bytes, { headers: headersOf(name) });
  };
}

/** Only what stands in the directory can be asked for, by its very name. */
function filesIn(directory: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of entriesOf(directory)) {
    if (!entry.isFile() || types[extname(entry.name)] === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(directory.length), new Uint8Array(readFileSync(path)));
  }
  return files;
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

/** Names of assets carry a hash of what is in them. */
function headersOf(name: string): Readonly<Record<string, string>> {
  const isForEver = name.startsWith('/assets/');
  return {
    'Content-Type': types[extname(name)] ?? 'application/octet-stream',
    'Cache-Control': isForEver ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}
