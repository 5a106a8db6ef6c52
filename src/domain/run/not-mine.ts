/**
 * The line a worker leaves in its run's log when the startup guard turns it away. A dispatcher that
 * still holds the run open knows it by its beginning, whatever exit code follows it.
 */
import { cut } from '../limits.ts';

const beginning = 'logboard guard: not mine: ';

/** Longest reason in the line, in characters: it has to fit into one line of a terminal or two. */
const reasonCharsMax = 300;

/** The line for a reason; without its end. */
export function notMineLine(reason: string): string {
  return `${beginning}${cut(reason.replace(/\s+/g, ' '), reasonCharsMax)}`;
}

/** The reason in a line of output; undefined when it is any other line. */
export function reasonNotMine(line: string | undefined): string | undefined {
  return line?.startsWith(beginning) ? line.slice(beginning.length) : undefined;
}
