/** The invariants of a whole board, for programs that want them kept whatever they do to it. */
import type { Board } from '../../src/app/board.ts';
import { checkInvariants } from '../../src/app/verify.ts';
import { codec } from '../../src/log/codec.ts';

/** What is broken in the log, read as a whole, and in the tables, in words; none if all is well. */
export async function brokenInvariants(board: Board): Promise<readonly string[]> {
  const inLog = await checkInvariants({ log: board.log, codec });
  const inTables = (await board.read()).brokenInvariants();
  return [
    ...inLog.map(({ invariant, stream, found }) => `${invariant}: ${stream}, ${found}`),
    ...inTables.map(({ rule, subject, found }) => `${rule}: ${subject}, ${found}`),
  ];
}
