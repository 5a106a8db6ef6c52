/** A disk that is nearly full, as far as this process can tell. */
import { execFileSync } from 'node:child_process';

/**
 * Does something while no file may become longer than `bytes`: the write that crosses the limit is
 * cut short without a fault, and the next one fails, as on a disk without space. `lift` ends it.
 */
export async function withFilesUpTo<T>(
  bytes: number,
  work: (lift: () => void) => Promise<T>,
): Promise<T> {
  // Without a listener the signal that comes with the fault would end the process.
  const ignore = () => {};
  process.on('SIGXFSZ', ignore);
  setLimit(bytes);
  try {
    return await work(() => setLimit('unlimited'));
  } finally {
    setLimit('unlimited');
    process.off('SIGXFSZ', ignore);
  }
}

/** The soft limit alone, which may be raised again. */
function setLimit(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes}:`]);
}
