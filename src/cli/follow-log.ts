/** Follows the log of a board; trouble that is being waited out is told to people, on stderr. */
import type { Position, StoredEvent } from '../log/event-log.ts';
import type { BoardContext } from './verb.ts';

/** The pages of the log after a position, forever, until the signal. */
export function followLog(
  { board, io, isJson, root, talk }: BoardContext,
  after: Position,
  signal: AbortSignal,
): AsyncIterable<readonly StoredEvent[]> {
  const onTrouble = (trouble: string) => {
    if (!isJson) io.stderr.write(`${talk.paint('warn', trouble)}\n`);
  };
  return root.follow(board.log, { after, signal, onTrouble });
}
