/** The option `--at`, which every verb takes that only reads. */
import { Option } from 'commander';
import { type PastMoment, pastMoment } from './past-moment.ts';
import { UsageError } from './usage-error.ts';
import type { Verb } from './verb.ts';

/** The option; given several times, its moments stand in a list. */
export function atOption(): Option {
  const help = 'read the board as it was: position, ISO time, 10:02, -2h';
  return new Option('--at <moment>', help).argParser(
    (text, earlier: readonly PastMoment[] = []) => [...earlier, pastMoment(text)],
  );
}

/** Whether a verb only reads, so that it can do so in the past. */
export function looksBack({ takesAt }: Verb): boolean {
  return takesAt === 'once' || takesAt === 'often';
}

/**
 * The option as a verb takes it: not at all where it means something else by `--at`, and not in its
 * help where it only says no, in better words than those for an unknown option.
 */
export function atOptionOf(verb: Verb | undefined): readonly Option[] {
  if (verb?.takesAt === 'own') return [];
  return [atOption().hideHelp(verb !== undefined && !looksBack(verb))];
}

/** Only what reads and answers can do so in the past. Throws `UsageError`. */
export function refuseMoments(
  name: string,
  { takesAt }: Verb,
  moments: readonly PastMoment[] = [],
): void {
  if (moments.length === 0 || takesAt === 'often') return;
  if (takesAt !== 'once') {
    throw new UsageError(
      `${name} works on the board as it is now: it takes no --at.`,
      'Leave it out; list, show, stats and other verbs that only read take it.',
    );
  }
  if (moments.length > 1) {
    throw new UsageError(`${name} looks at one moment.`, 'Give --at once.');
  }
}
