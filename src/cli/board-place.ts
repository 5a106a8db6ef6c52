/** Which board is meant: `--board`, then LOGBOARD_BOARD, then `./.logboard`. */
import { isAbsolute, join, resolve } from 'node:path';
import { isClusterUrl } from '../domain/cluster-url.ts';
import { shellWord } from '../domain/diagnostics/finding.ts';
import { refuse } from '../domain/refusal.ts';
import { Refused } from './problem.ts';
import { UsageError } from './usage-error.ts';

/** Where a board is, and what to call it. */
export interface BoardPlace {
  /** Absolute path of its directory. */
  readonly directory: string;
  /** Its slug, or its path as it was given. */
  readonly label: string;
}

/** What a choice is resolved against. */
export interface BoardSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  readonly userHome: string;
  /** Where boards with a slug live: `<home>/boards/<slug>`. */
  readonly home: string;
}

/** The board of a folder, for whoever chooses none. */
export const boardDefault = './.logboard';

const slugPattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** What a command line needs, after a blank, to mean this board in the same surroundings. */
export function boardFlag(
  { label }: BoardPlace,
  environment: BoardSurroundings['environment'],
): string {
  return label === chosenWithoutFlag(environment) ? '' : ` --board ${shellWord(label)}`;
}

function chosenWithoutFlag(environment: BoardSurroundings['environment']): string {
  return environment['LOGBOARD_BOARD'] || boardDefault;
}

/** The place of the chosen board; nothing is looked up on disk. Throws `UsageError`. */
export function boardPlace(choice: string | undefined, around: BoardSurroundings): BoardPlace {
  const chosen = choice ?? chosenWithoutFlag(around.environment);
  if (chosen.includes('\0')) throw malformed(chosen);
  if (chosen.startsWith('~')) return { directory: inUserHome(chosen, around), label: chosen };
  if (chosen.includes('/') || chosen.startsWith('.') || isAbsolute(chosen)) {
    return { directory: resolve(around.directory, chosen), label: chosen };
  }
  if (!slugPattern.test(chosen)) throw malformed(chosen);
  return { directory: join(boardsDirectory(around.home), chosen), label: chosen };
}

/** The cluster that is named with `--log`; undefined for a file. */
export function clusterNamed(log: string | undefined): string | undefined {
  return log !== undefined && isClusterUrl(log) ? log : undefined;
}

/** Where boards with a slug live. */
export function boardsDirectory(home: string): string {
  return join(home, 'boards');
}

/** Says that there is no board in a place. */
export function noSuchBoard(place: BoardPlace): Refused {
  return new Refused(
    refuse('no_such_board', `There is no board at ${place.directory}.`, {
      hint: 'Create it with `logboard init`, or choose another with --board.',
      facts: { board: place.label, directory: place.directory },
    }),
  );
}

function inUserHome(chosen: string, { userHome }: BoardSurroundings): string {
  if (chosen !== '~' && !chosen.startsWith('~/')) throw malformed(chosen);
  return join(userHome, chosen.slice(1));
}

function malformed(chosen: string): UsageError {
  return new UsageError(
    `${JSON.stringify(chosen)} names no board.`,
    'Give a directory (./here, /there, ~/elsewhere) or a slug (a-z, 0-9, - and _).',
  );
}
