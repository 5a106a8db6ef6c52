/** The row of `board`, and how one event changes it. */
import type { BoardEvent } from '../../src/domain/board/events.ts';
import { type BoardState, evolveBoard } from '../../src/domain/board/state.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import { tableOf } from '../table.ts';

/** The board as a whole: the fold of its stream. */
export interface BoardRow extends NonNullable<BoardState> {
  /** Version and position of the last event of the board's stream. */
  readonly version: number;
  readonly position: number;
  /** Where a person last resumed it; 0 when nobody did. */
  readonly resumedPosition: number;
}

/** Every field of the board and its column. */
export const boardTable = tableOf<BoardRow>('board', {
  name: 'plain',
  epoch: 'plain',
  createdAtMs: 'plain',
  isPaused: 'flag',
  policy: 'json',
  version: 'plain',
  position: 'plain',
  resumedPosition: 'plain',
});

/** The row after an event of the board's stream. */
export function evolveBoardRow(row: BoardRow | undefined, event: Recorded<BoardEvent>): BoardRow {
  const { version, position, meta } = event;
  const board = evolveBoard(row, event, meta);
  const resumedPosition = event.type === 'BoardResumed' ? position : (row?.resumedPosition ?? 0);
  return { ...(board as NonNullable<BoardState>), version, position, resumedPosition };
}
