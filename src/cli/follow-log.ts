/** Follows the log of a board; trouble that is being waited out is told to people, on stderr. */
import type { Board } from '../app/board.ts';
import type { Position, StoredEvent } from '../log/event-log.ts';
import { UsageError } from './usage-error.ts';
import type { BoardContext } from './verb.ts';

/** Throws `UsageError` on a board of the past, where nothing goes on. */
export function refusePast({ past }: Board): void {
  if (past === undefined) return;
  throw new UsageError('The past is over: there is nothing to follow.', 'Leave out --at.');
}

/** The pages of the log after a position, forever, until the signal. */
export function followLog(
  { board, io, isJson, root, talk }: BoardContext,
  after: Position,
  signal: AbortSignal,
): AsyncIterable<readonly StoredEvent[]> {
  refusePast(board);
  const onTrouble = (trouble: string) => {
    if (!isJson) io.stderr.write(`${talk.paint('warn', trouble)}\n`);
  };
  return root.follow(board.log, { after, signal, onTrouble });
}
