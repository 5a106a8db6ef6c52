/** Makes the library that lets calls fail. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Whether there is a compiler, and a loader that takes libraries before others. */
export function canBuildLibrary(): boolean {
  return process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;
}

/** Compiles `faulty-io.c`, which stands at `source`, into `directory`; answers the library. */
export function buildLibrary(source: string, directory: string): string {
  const library = join(directory, 'faulty-io.so');
  execFileSync('gcc', ['-O1', '-Wall', '-Werror', '-shared', '-fPIC', '-o', library, source]);
  return library;
}
