/** A board as programs see it. These names are permanent: a new need is a new field. */
import type { Queries } from '../../projections/index.ts';
import { isoTime } from './iso-time.ts';

/** Where a board is, and what to call it. */
interface Place {
  readonly directory: string;
  readonly label: string;
}

/** The JSON of the board in a place. */
export function boardJson(place: Place, queries: Queries) {
  const board = queries.board();
  return {
    board: place.label,
    directory: place.directory,
    name: board?.name ?? null,
    epoch: board?.epoch ?? null,
    isPaused: board?.isPaused ?? false,
    createdAt: isoTime(board?.createdAtMs),
  };
}
