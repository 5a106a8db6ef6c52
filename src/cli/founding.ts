/** A board begins with an event of its own. */
import { basename, dirname, join, relative } from 'node:path';
import type { PlainAnswer } from '../app/board-commands.ts';
import type { Refusal } from '../domain/refusal.ts';
import { type BoardPlace, boardDefault, boardFlag } from './board-place.ts';
import { plainLine } from './sanitize.ts';
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

/** The same for verbs that found a board on the way: people are told when there is a new one. */
export async function foundAndTell(on: BoardContext): Promise<PlainAnswer | Refusal> {
  const answer = await found(on);
  if (!answer.refused && answer.changed && !on.isJson) tellFounded(on);
  return answer;
}

/** A slip of the folder makes a board that nobody serves, so the one that may be meant is named. */
function tellFounded(on: BoardContext): void {
  const { io, place, talk } = on;
  const did = `created the board “${nameOf(place)}” in ${place.directory}`;
  const above = boardAbove(on);
  const line = above === undefined ? did : `${did}; there is one above: use it with${above}`;
  io.stderr.write(`${talk.paint(above === undefined ? 'dim' : 'warn', plainLine(line))}\n`);
}

/** The flag for the nearest board of a folder above; undefined where a board was chosen. */
function boardAbove({ io, place, root }: BoardContext): string | undefined {
  if (place.label !== boardDefault) return undefined;
  for (let folder = io.directory; folder !== dirname(folder); ) {
    folder = dirname(folder);
    const directory = join(folder, boardDefault);
    if (!root.hasBoard(directory)) continue;
    return boardFlag({ directory, label: relative(io.directory, directory) }, io.environment);
  }
  return undefined;
}

/** A hidden directory is called after the folder it is in. */
function nameOf({ directory }: BoardPlace): string {
  const name = basename(directory);
  return (name.startsWith('.') ? basename(dirname(directory)) : name) || 'board';
}
