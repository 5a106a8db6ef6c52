/** Writes an incident file: beside its place, then durable, then there, at once and whole. */
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { LogUnavailable } from '../event-log.ts';
import { publish } from '../sqlite/publish.ts';
import type { IncidentLine } from './format.ts';
import { createSealer } from './seal.ts';

/** How to write. */
export interface WriteOptions {
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
}

/** Bytes gathered before they are written. */
const batchBytes = 1024 * 1024;

/**
 * Writes the lines into a file for its owner alone, and answers its size in bytes. Throws
 * `LogUnavailable` of code `file_exists` when there is one already, or one half written beside it.
 * When making the lines fails, nothing is left behind.
 */
export async function writeIncidentFile(
  path: string,
  lines: AsyncIterable<IncidentLine>,
  { force }: WriteOptions,
): Promise<number> {
  const partial = `${path}.partial`;
  if (!force) refuseExisting(path);
  const file = create(partial);
  try {
    const bytes = await writeLines(file, lines).finally(() => closeSync(file));
    if (!force) refuseExisting(path);
    await publish(partial, path);
    return bytes;
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

async function writeLines(file: number, lines: AsyncIterable<IncidentLine>): Promise<number> {
  const seal = createSealer();
  let written = 0;
  let batch: Buffer[] = [];
  let waiting = 0;

  function flush(): void {
    const bytes = Buffer.concat(batch);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    written += bytes.length;
    batch = [];
    waiting = 0;
  }

  for await (const line of lines) {
    const bytes = seal(line);
    batch.push(bytes);
    waiting += bytes.length;
    if (waiting >= batchBytes) flush();
  }
  flush();
  return written;
}

function create(partial: string): number {
  try {
    return openSync(partial, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new LogUnavailable(`There is a half-written file at ${partial}`, {
      code: 'file_exists',
      hint: 'Somebody is writing it, or was interrupted: wait, or remove it.',
      retryable: false,
    });
  }
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new LogUnavailable(`There is a file at ${path} already`, {
    code: 'file_exists',
    hint: 'Choose another place with -o, or add --force to replace it.',
    retryable: false,
  });
}
