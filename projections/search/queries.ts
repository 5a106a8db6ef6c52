/** Reads `search`. */
import type Database from 'better-sqlite3';
import { whenAsked } from '../statements.ts';
import { createExcerpt } from './excerpt.ts';

/** A task that contains what was searched for. */
export interface SearchHit {
  readonly taskId: string;
  /** The piece of text that fits best, cut around the words; these stand between « and ». */
  snippet(): string;
}

/** The question about texts. */
export interface SearchQueries {
  /**
   * The tasks with a text that contains every word, or a word that begins like it; best first. Any
   * input is only words: nothing in it is an operator, and none of it can be an error. Removed
   * tasks are not among them.
   */
  search(text: string, options: { readonly limit: number }): readonly SearchHit[];
}

/** What counts more: a title by far, then a summary, then the long texts. */
const ranking = 'bm25(10.0, 1.0, 1.0, 3.0)';

/** Words searched for, at most; the rest is ignored. */
const wordsMax = 32;

interface Match {
  readonly rowid: number;
  readonly taskId: string;
}

/** Prepares the question about texts. */
export function prepareSearchQueries(db: Database.Database): SearchQueries {
  // By `rank`, the index sorts by itself and reads of a row what is asked for when it is asked for.
  const matches = whenAsked(() =>
    db.prepare<[string], Match>(
      `SELECT rowid, task_id AS taskId FROM search
       WHERE search MATCH ? AND rank MATCH '${ranking}' ORDER BY rank`,
    ),
  );
  const texts = whenAsked(() =>
    db
      .prepare<[number], (string | null)[]>(
        'SELECT title, body, comment, summary FROM search WHERE rowid = ?',
      )
      .raw(),
  );
  const isRemoved = whenAsked(() =>
    db
      .prepare<[string], number>(`SELECT status = 'tombstoned' FROM tasks WHERE task_id = ?`)
      .pluck(),
  );

  function search(text: string, { limit }: { readonly limit: number }): readonly SearchHit[] {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const excerpt = createExcerpt(words);
    const best = new Map<string, SearchHit>();
    for (const { taskId, rowid } of matches().iterate(expressionOf(words))) {
      if (best.size === limit) break;
      if (best.has(taskId) || isRemoved().get(taskId) !== 0) continue;
      const snippet = () => excerpt((texts().get(rowid) ?? []).filter((each) => each !== null));
      best.set(taskId, { taskId, snippet });
    }
    return [...best.values()];
  }

  return { search };
}

function wordsOf(text: string): readonly string[] {
  const words = text.split(/[\s\0]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.slice(0, wordsMax);
}

/** Every word as a quoted prefix: inside quotes the index knows no operators. */
function expressionOf(words: readonly string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ');
}
