/** An audit export as a file: lines written with a running hash, lines read without a limit. */
import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { publish, refuseExisting } from '../log/sqlite/publish.ts';

/** Lines are written when so many characters have come together. */
const chunkChars = 256 * 1024;

/** Longest line of what may be an export, in characters; the longest event has a third of that. */
const lineCharsMax = 16 * 1024 * 1024;

/**
 * Writes a body and then the line that seals it, made of the body's SHA-256 (hex); answers that
 * hash. The file appears at once and whole, and never over another one.
 */
export async function writeSealed(
  file: string,
  body: AsyncIterable<string>,
  seal: (sha256: string) => Promise<string>,
): Promise<string> {
  refuseExisting(file);
  const partial = `${file}.partial`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    for await (const chunk of chunksOf(body)) {
      hash.update(chunk, 'utf8');
      await handle.appendFile(chunk);
    }
    const sha256 = hash.digest('hex');
    await handle.appendFile(`${await seal(sha256)}\n`);
    await handle.close();
    await publish(partial, file);
    return sha256;
  } catch (error) {
    await handle.close();
    rmSync(partial, { force: true });
    throw error;
  }
}

async function* chunksOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < chunkChars) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** A line, without its end; `isCut`: it has none. */
export interface Line {
  readonly text: string;
  readonly isCut: boolean;
}

/** The lines of a file, in order. What has too long a line is given up on, as one that is cut. */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const [first = '', ...others] = (chunk as string).split('\n');
    rest += first;
    for (const next of others) {
      yield { text: rest, isCut: false };
      rest = next;
    }
    if (rest.length > lineCharsMax) break;
  }
  if (rest !== '') yield { text: rest, isCut: true };
}
