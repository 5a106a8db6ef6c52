/**
 * What a page needs to go on folding events by itself: the state of tasks and open runs as the
 * folds of `domain` have it, so times are UTC ms here. The names are permanent.
 */
import type { RunRow } from '../../projections/runs/row.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';

/** A task without its long texts: `hasBody` says whether there is one to ask for. */
export function cardJson(task: TaskRow) {
  const { body, handOff, ...card } = task;
  return { ...card, hasBody: body !== null, summary: handOff?.summary ?? null };
}

/** An open run; the hash of its token stays inside. */
export function openRunJson(run: RunRow) {
  const { tokenHash: _tokenHash, ...opened } = run.opened;
  const { outcome: _outcome, ending: _ending, endedAtMs: _at, endedBy: _by, ...open } = run;
  return { ...open, opened };
}
