/**
 * The option `--log`: an incident file in the place of a board, for verbs that only read; or the
 * cluster that the board lives on.
 */
import { Option } from 'commander';
import { refuse } from '../domain/refusal.ts';
import { looksBack } from './at-option.ts';
import { clusterNamed } from './board-place.ts';
import { Refused } from './problem.ts';
import { UsageError } from './usage-error.ts';
import type { Verb } from './verb.ts';

/** The option, as the help of a verb has it; of all verbs when none is named. */
export function logOption(verb?: Verb): Option {
  const cluster = 'the cluster of the board (esdb://…)';
  const readsFiles = verb === undefined || looksBack(verb);
  return new Option(
    '--log <log>',
    readsFiles ? `an incident file to read, or ${cluster}` : cluster,
  );
}

/**
 * Throws to a verb that does not only read (`Refused`), and where a board is chosen as well
 * (`UsageError`), when a file was named.
 */
export function refuseFile(
  name: string,
  verb: Verb,
  { log, board }: { readonly log?: string; readonly board?: string },
): void {
  if (log === undefined || clusterNamed(log) !== undefined) return;
  if (board !== undefined) {
    throw new UsageError(
      'An incident file is read in the place of a board: --log and --board exclude each other.',
      'Leave one of them out.',
    );
  }
  if (looksBack(verb)) return;
  throw new Refused(
    refuse('past_is_read_only', `An incident file can only be read: ${name} takes no --log.`, {
      hint: 'Leave it out; list, show, timeline and other verbs that only read take it.',
      facts: { file: log },
    }),
  );
}
