/** Chooses the folders a survey looks at: the largest ones of a source tree. */
import { readdirSync } from 'node:fs';
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

/** The folders with the most source files, largest first, at most `foldersMax`. */
export function chooseFolders(root: string, foldersMax: number): readonly Folder[] {
  const found: Folder[] = [];
  collect(root, { root, depth: 0, found });
  const bySize = (a: Folder, b: Folder) =>
    b.files.length - a.files.length || a.name.localeCompare(b.name);
  return found.sort(bySize).slice(0, foldersMax);
}

function collect(path: string, walk: { root: string; depth: number; found: Folder[] }): void {
  if (walk.depth > depthMax) return;
  const entries = readdirSync(path, { withFileTypes: true });
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
