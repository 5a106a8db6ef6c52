/** A board begins with an event of its own. */
import { basename, dirname } from 'node:path';
import type { PlainAnswer } from '../app/board-commands.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { BoardPlace } from './board-place.ts';
import type { BoardContext } from './verb.ts';

/** Writes the board's first event unless it is there. */
export function found(context: BoardContext, name?: string): Promise<PlainAnswer | Refusal> {
  const { board, place } = context;
  return context.commands().changeBoard({
    type: 'CreateBoard',
    name: name ?? nameOf(place),
    epoch: board.log.epoch,
  });
}

/** A hidden directory is called after the folder it is in. */
function nameOf({ directory }: BoardPlace): string {
  const name = basename(directory);
  return (name.startsWith('.') ? basename(dirname(directory)) : name) || 'board';
}
