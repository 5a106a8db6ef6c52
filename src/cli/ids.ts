/** Ids on the command line: told from words, checked before anything is opened. */
import { runIdSchema, taskIdSchema } from '../domain/task/events.ts';
import { UsageError } from './usage-error.ts';

/** Arguments of a verb such as `block T-1… T-2… waiting for the key`. */
export interface IdsAndWords {
  readonly taskIds: readonly string[];
  readonly runIds: readonly string[];
  /** What follows the ids, as one text; undefined when nothing does. */
  readonly words: string | undefined;
}

/** The ids that come first, and the words after them. Throws `UsageError` on a botched id. */
export function splitIds(args: readonly string[]): IdsAndWords {
  const firstWord = args.findIndex((arg) => !looksLikeId(arg));
  const end = firstWord === -1 ? args.length : firstWord;
  const ids = args.slice(0, end).map(idOf);
  const words = args.slice(end).join(' ').trim();
  return {
    taskIds: [...new Set(ids.filter((id) => id.startsWith('T-')))],
    runIds: [...new Set(ids.filter((id) => id.startsWith('R-')))],
    words: words === '' ? undefined : words,
  };
}

/** The option of verbs that record a reason. */
export interface ReasonOptions {
  readonly reason?: string;
}

/** The reason of a command: `--reason`, or the words after the ids. Throws when both are given. */
export function reasonOf(options: ReasonOptions, words: string | undefined): string | undefined {
  const { reason } = options;
  if (reason !== undefined && words !== undefined) {
    throw new UsageError(`“${words}” and --reason both say why.`, 'Say it once.');
  }
  return reason ?? words;
}

/** A task id in its canonical form. Throws `UsageError` when it is none. */
export function taskIdOf(text: string): string {
  const id = text.toUpperCase();
  if (taskIdSchema.safeParse(id).success) return id;
  throw new UsageError(
    `${quoted(text)} is not a task id.`,
    'A task id looks like T-0A1B2C3D4E; see `logboard list`.',
  );
}

/** A run id in its canonical form. Throws `UsageError` when it is none. */
export function runIdOf(text: string): string {
  const id = text.toUpperCase();
  if (runIdSchema.safeParse(id).success) return id;
  throw new UsageError(
    `${quoted(text)} is not a run id.`,
    'A run id looks like R-0A1B2C3D4E5F; see `logboard runs <task>`.',
  );
}

/** Anything that begins like an id is meant as one, so that a slip does not become a reason. */
function looksLikeId(text: string): boolean {
  return /^[tr]-\S*$/i.test(text);
}

function idOf(text: string): string {
  return text.toUpperCase().startsWith('T-') ? taskIdOf(text) : runIdOf(text);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
