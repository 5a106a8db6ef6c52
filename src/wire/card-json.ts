/**
 * What a page needs to go on folding events by itself: the state of tasks and open runs as the
 * folds of `domain` have it, so times are UTC ms here. The names are permanent.
 */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { ListedTask } from '../../projections/tasks/row.ts';

/** Tasks without their long texts: `hasBody` says whether there is one to ask for. */
export function cardsJson(tasks: readonly ListedTask[], queries: Queries) {
  const haveBody = queries.withBody();
  return tasks.map(({ handOff, ...card }) => ({
    ...card,
    hasBody: haveBody.has(card.taskId),
    summary: handOff?.summary ?? null,
  }));
}

/** An open run; the hash of its token stays inside. */
export function openRunJson(run: RunRow) {
  const { tokenHash: _tokenHash, ...opened } = run.opened;
  const { outcome: _outcome, ending: _ending, endedAtMs: _at, endedBy: _by, ...open } = run;
  return { ...open, opened };
}
