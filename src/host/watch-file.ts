/** Hints that a file may have changed. */
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Calls back when something happens to a file or its name; answers the way to stop. Its directory
 * is watched: editors put another file into its place, which the file itself would not tell. Only
 * hints: where no watch can be had, none come, and what a link leads to is not watched.
 */
export function watchFile(path: string, onHint: () => void): () => void {
  const name = basename(path);
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) onHint();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
