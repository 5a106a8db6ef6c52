/** Chooses the folders a survey looks at: the largest ones of a source tree. */
import { type Dirent, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isSource } from './measure.ts';

/** A folder with source files directly inside it. */
export interface Folder {
  readonly path: string;
  /** Its path below the root of the survey; `.` for the root itself. */
  readonly name: string;
  readonly files: readonly string[];
}

const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'vendor', 'target']);
/** Depth below the root at which the survey stops looking. */
const depthMax = 8;

/**
 * The folders with the most source files, largest first, at most `foldersMax`. What cannot be read,
 * or vanishes meanwhile, has none.
 */
export function chooseFolders(
  root: string,
  foldersMax: number,
  entriesOf = readable,
): readonly Folder[] {
  const found: Folder[] = [];
  collect(root, { root, depth: 0, found, entriesOf });
  const bySize = (a: Folder, b: Folder) =>
    b.files.length - a.files.length || a.name.localeCompare(b.name);
  return found.sort(bySize).slice(0, foldersMax);
}

/** The entries of a folder; none where it cannot be read. */
export function readable(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

interface Walk {
  readonly root: string;
  readonly depth: number;
  readonly found: Folder[];
  readonly entriesOf: typeof readable;
}

function collect(path: string, walk: Walk): void {
  if (walk.depth > depthMax) return;
  const entries = walk.entriesOf(path);
  const files = entries.filter((entry) => entry.isFile() && isSource(entry.name));
  if (files.length > 0) {
    const name = relative(walk.root, path) || '.';
    walk.found.push({ path, name, files: files.map((entry) => entry.name).sort() });
  }
  for (const entry of entries) {
    const isHidden = entry.name.startsWith('.') || skipped.has(entry.name);
    if (!entry.isDirectory() || isHidden) continue;
    collect(join(path, entry.name), { ...walk, depth: walk.depth + 1 });
  }
}
