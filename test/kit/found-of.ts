/** What a search finds, with the pieces of text. */
import type { Queries } from '../../projections/index.ts';

/** The first hundred tasks that contain a word. */
export function foundOf(queries: Queries, word: string) {
  const hits = queries.search(word, { limit: 100 });
  return hits.map(({ taskId, snippet }) => ({ taskId, snippet: snippet() }));
}
