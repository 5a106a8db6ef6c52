/** A command on the board as a whole, and how the board stands after it. */
import type { BoardCommand } from '../domain/board/state.ts';
import { boardJson } from '../wire/board-json.ts';
import { plainLine } from './sanitize.ts';
import type { Context, Result } from './verb.ts';

/** Sends the command and answers the board. */
export async function changeBoard(context: Context, command: BoardCommand): Promise<Result> {
  const on = await context.onBoard('write');
  const answer = await on.commands().changeBoard(command);
  if (answer.refused) return answer;
  const { changed, position } = answer;
  const board = boardJson(on.place, await on.board.read());
  const state = board.isPaused ? 'paused' : 'running';
  const unchanged = changed ? '' : '  (nothing to change)';
  return {
    json: () => ({ ...board, changed, position }),
    text: () => `board ${plainLine(board.name ?? board.board)} is ${state}${unchanged}`,
  };
}
