/** A board as programs see it. These names are permanent: a new need is a new field. */
import type { Queries } from '../../projections/index.ts';
import type { BoardPlace } from './board-place.ts';
import { isoTime } from './time.ts';

/** The JSON of the board that was chosen. */
export function boardJson(place: BoardPlace, queries: Queries) {
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
