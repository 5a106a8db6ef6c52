/** Which cards are to be seen: words anywhere in what a card says, and exact fields. */
import type { TaskRecord } from '../../domain/task/record.ts';
import type { Shown } from './columns.ts';

/** What was asked for; empty fields ask for nothing. */
export interface Filter {
  readonly words: string;
  /** `-` stands for nobody. */
  readonly assignee: string;
  /** `-` stands for none. */
  readonly tenant: string;
  readonly archived: boolean;
}

/** Nothing asked for: everything but archived tasks. */
export const noFilter: Filter = { words: '', assignee: '', tenant: '', archived: false };

/** Whether anything but the archive is asked for. */
export function isFiltering({ words, assignee, tenant }: Filter): boolean {
  return words.trim() !== '' || assignee !== '' || tenant !== '';
}

/** A predicate for cards; the words may also have been found in texts that no card shows. */
export function matcherOf(
  filter: Filter,
  found: Pick<ReadonlySet<string>, 'has'> = new Set(),
): (shown: Shown) => boolean {
  const words = wordsOf(filter.words);
  return ({ record, status }) => {
    const isShelved = status === 'archived' || status === 'tombstoned';
    if (isShelved && !filter.archived) return false;
    const { task } = record;
    if (!isWanted(filter.assignee, task.assignee)) return false;
    if (!isWanted(filter.tenant, task.tenant)) return false;
    if (words.length === 0 || found.has(record.taskId)) return true;
    return saysAll([...shownOn(record), task.handOff?.summary], words);
  };
}

/** Whether a card shows all these words. */
export function isOnCard(record: TaskRecord, words: readonly string[]): boolean {
  return saysAll(shownOn(record), words);
}

type Said = string | null | undefined;

function shownOn({ taskId, task }: TaskRecord): readonly Said[] {
  return [taskId, task.title, task.assignee, task.tenant];
}

function saysAll(said: readonly Said[], words: readonly string[]): boolean {
  const text = said.filter(Boolean).join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The words of a search, each by itself. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** The same question in the words of the server; undefined where it has none for it. */
export function serverFilterOf({ words, assignee, tenant, archived }: Filter): object | undefined {
  if (tenant === '-') return undefined;
  return {
    ...(words.trim() !== '' && { q: words.trim() }),
    ...(assignee !== '' && { assignee: assignee === '-' ? 'none' : assignee }),
    ...(tenant !== '' && { tenant }),
    ...(archived && { archived: 'true' }),
  };
}

/** The id in a search, when it is one: it opens the task. */
export function taskIdIn(words: string): string | undefined {
  const text = words.trim().toUpperCase();
  return /^T-[0-9A-Z]{10}$/.test(text) ? text : undefined;
}

function isWanted(asked: string, found: string | null): boolean {
  return asked === '' || (asked === '-' ? found === null : asked === found);
}
