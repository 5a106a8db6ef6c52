/**
 * The check of a line: SHA-256 over every byte of the file before `,"check":"`. Whoever changes a
 * byte breaks its line, and whoever takes a line away breaks the next one.
 */
import { createHash } from 'node:crypto';

/** What stands between a record and its check. */
const separator = Buffer.from(',"check":"');

/** What stands behind the check; the line end comes after it. */
const closing = '"}';

const checkChars = 64;
const sealBytes = separator.length + checkChars + closing.length;

/** Makes lines of a file, one after the other. */
export function createSealer(): (record: object) => Buffer {
  const all = createHash('sha256');

  return (record) => {
    const body = Buffer.from(JSON.stringify(record).slice(0, -1));
    all.update(body);
    const rest = Buffer.from(`${separator}${all.copy().digest('hex')}${closing}\n`);
    all.update(rest);
    return Buffer.concat([body, rest]);
  };
}

/**
 * Checks lines of a file, one after the other, each with its line end. Answers whether the line,
 * and all before it, is as it was written.
 */
export function createSealCheck(): (line: Buffer) => boolean {
  const all = createHash('sha256');

  return (line) => {
    const bodyBytes = line.length - 1 - sealBytes;
    if (bodyBytes < 1) return false;
    all.update(line.subarray(0, bodyBytes));
    const seal = line.toString('latin1', bodyBytes);
    const expected = `${separator}${all.copy().digest('hex')}${closing}\n`;
    all.update(line.subarray(bodyBytes));
    return seal === expected;
  };
}
