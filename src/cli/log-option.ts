/** The option `--log`, which every verb takes that only reads: an incident file as the board. */
import { Option } from 'commander';
import { refuse } from '../domain/refusal.ts';
import { Refused } from './problem.ts';
import type { Verb } from './verb.ts';

/** The option. */
export function logOption(): Option {
  return new Option('--log <file>', 'read an incident file instead of a board').conflicts('board');
}

/** Throws `Refused` to a verb that does not only read, when a file was named. */
export function refuseFile(name: string, { takesAt }: Verb, file: string | undefined): void {
  if (file === undefined || takesAt === 'once' || takesAt === 'often') return;
  throw new Refused(
    refuse('past_is_read_only', `An incident file can only be read: ${name} takes no --log.`, {
      hint: 'Leave it out; list, show, timeline and other verbs that only read take it.',
      facts: { file },
    }),
  );
}
