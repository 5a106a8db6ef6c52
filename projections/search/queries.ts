/** Reads `search`. */
import type Database from 'better-sqlite3';
import { whenAsked } from '../statements.ts';
import { prepareTaskQueries } from '../tasks/queries.ts';
import type { TaskRow } from '../tasks/row.ts';

/** A task that contains what was searched for. */
export interface SearchHit {
  readonly task: TaskRow;
  /** The piece of text that fits best, cut around the words; these stand between « and ». */
  readonly snippet: string;
}

/** The question about texts. */
export interface SearchQueries {
  /**
   * The tasks with a text that contains every word, or a word that begins like it; best first. Any
   * input is only words: nothing in it is an operator, and none of it can be an error.
   */
  search(text: string, options: { readonly limit: number }, nowMs: number): readonly SearchHit[];
}

/** What counts more: a title by far, then a summary, then the long texts. */
const ranking = 'bm25(search, 10.0, 1.0, 1.0, 3.0)';

/** Words of the snippet, at most. */
const snippetWords = 16;

/** Words searched for, at most; the rest is ignored. */
const wordsMax = 32;

/** Prepares the question about texts. */
export function prepareSearchQueries(db: Database.Database): SearchQueries {
  const { task } = prepareTaskQueries(db);
  const matches = whenAsked(() =>
    db.prepare<[string], { taskId: string; snippet: string }>(
      `SELECT task_id AS taskId, snippet(search, -1, '«', '»', '…', ${snippetWords}) AS snippet
     FROM search WHERE search MATCH ? ORDER BY ${ranking}, rowid`,
    ),
  );

  function search(text: string, { limit }: { limit: number }, nowMs: number) {
    const expression = expressionOf(text);
    if (expression === '') return [];
    const best = new Map<string, SearchHit>();
    for (const { taskId, snippet } of matches().iterate(expression)) {
      if (best.size === limit) break;
      if (best.has(taskId)) continue;
      const found = task(taskId, nowMs);
      if (found && found.status !== 'tombstoned') best.set(taskId, { task: found, snippet });
    }
    return [...best.values()];
  }

  return { search };
}

/** Every word as a quoted prefix: inside quotes the index knows no operators. */
function expressionOf(text: string): string {
  const words = text.split(/[\s\0]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words
    .slice(0, wordsMax)
    .map((word) => `"${word.replaceAll('"', '""')}"*`)
    .join(' ');
}
