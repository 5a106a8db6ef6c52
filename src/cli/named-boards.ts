/** The boards that have a name of their own, and no folder: those of the home directory. */
import { readdirSync } from 'node:fs';
import { boardsDirectory } from './board-place.ts';

/** Their slugs, in the order of the alphabet; there need be no board in every one. */
export function slugsOf(home: string): readonly string[] {
  try {
    const entries = readdirSync(boardsDirectory(home), { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
