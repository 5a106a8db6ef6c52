/**
 * How a worker ended, as its launcher wrote it down: one line when it starts, one when it ends.
 *
 * Each line is a single short write to the end of the file, and counts only with its newline, so a
 * reader never sees half of one. The file outlives the dispatcher: whoever adopts the run reads it.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { ExitStatus, RecordedExit } from '../dispatcher/ports.ts';
import { errnoOf } from './host-error.ts';

/** Reads the status file of a run; undefined when there is no word in it yet. */
export function readExitStatus(path: string): RecordedExit {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  return parseLine(text.split('\n').slice(0, -1).at(-1));
}

/**
 * Reads a shell's exit code: 128 + n is its word for "ended by signal n". A program that returns
 * such a code by itself means the same by convention, and cannot be told apart.
 */
export function fromShellCode(code: number): ExitStatus {
  const number = code - 128;
  return number >= 1 && number <= 64
    ? { signal: signalNames.get(number) ?? `SIG${number}` }
    : { code };
}

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name] as const),
);

function parseLine(line: string | undefined): RecordedExit {
  if (line === 'not_started') {
    return 'not_started';
  }
  const code = /^exit (\d{1,3})$/.exec(line ?? '')?.[1];
  if (code !== undefined) {
    return fromShellCode(Number(code));
  }
  return line === 'started' ? 'running' : undefined;
}
