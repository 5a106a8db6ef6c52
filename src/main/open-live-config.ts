/** The live configuration, of the real parts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LiveConfig } from '../cli/root.ts';
import { type Config, type ConfigSources, configFileName, loadConfig } from '../config.ts';
import { systemTimers } from '../host/clock.ts';
import { watchFile } from '../host/watch-file.ts';
import { type ConfigFile, createLiveConfig } from './live-config.ts';

/** Follows the file that was read; where there was none, the one that may appear here. */
export function openLiveConfig(
  first: Config,
  sources: Pick<ConfigSources, 'environment' | 'directory' | 'flags'>,
): LiveConfig {
  const path = first.file ?? resolve(sources.directory, configFileName);
  const file: ConfigFile = {
    path,
    read: () => readIfThere(path),
    watch: (onHint) => watchFile(path, onHint),
  };
  const load = (text: string) => loadConfig({ ...sources, file: path, text });
  return createLiveConfig(first, { file, load, timers: systemTimers });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fault;
  }
}
