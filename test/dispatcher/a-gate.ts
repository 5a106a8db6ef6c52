/** A gate at which any number of workers wait until a test lets them all through at once. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** The gate. */
export interface Gate {
  /** What a shell has to do to wait at it. */
  readonly wait: string;
  /** Lets through who waits, and who is still to come, until the fact holds. */
  letThrough(fact: string, isSo: () => boolean): Promise<unknown>;
}

/** A gate of its own: a pipe that each worker opens for reading, which waits for a writer. */
export function aGate(): Gate {
  const path = join(tempDir(), 'gate');
  spawnSync('mkfifo', [path]);

  function open(): void {
    try {
      closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    } catch {
      // Nobody waits at this moment.
    }
  }

  return {
    wait: `: <'${path}'`,
    letThrough: (fact, isSo) =>
      eventually(fact, () => {
        open();
        return isSo();
      }),
  };
}
