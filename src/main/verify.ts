/** Verification of a board: its bytes, its promises, and its tables. */
import { checkInvariants } from '../app/verify.ts';
import type { Upkeep, VerifyProblem, VerifyReport } from '../cli/root.ts';
import { codec, UnreadableEvent } from '../log/codec.ts';
import { type EventLog, LogDamaged } from '../log/event-log.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { compareTables, type Tables } from './tables.ts';

/** A board, for whoever verifies it. */
export interface VerifiedBoard extends Tables {
  readonly log: SqliteLog;
}

/** Verifies the log, what it promises, and the tables. Writes nothing. */
export async function verifyBoard(
  board: VerifiedBoard,
  tell: Parameters<Upkeep['verify']>[1],
): Promise<VerifyReport> {
  const { log } = board;
  const { problem, head } = await log.verifyChain({
    onProgress: (progress) => tell('chain', progress),
  });
  const { position, hash } = head;
  const promises = await brokenPromises(log, (done) =>
    tell('invariants', { done, total: position }),
  );
  // Tables are compared with a log that is sound, or with nothing.
  const isSound = problem === undefined && promises.length === 0;
  const tables = isSound ? await compareTables(board, (done) => tell('tables', done)) : [];
  const problems = [...chainProblems(problem), ...promises, ...tables];
  return { epoch: log.epoch, position, hash, problems };
}

function chainProblems(
  problem: { position: number; message: string } | undefined,
): readonly VerifyProblem[] {
  if (problem === undefined) return [];
  const { position, message } = problem;
  return [{ kind: 'chain', position, subject: 'log', found: message }];
}

async function brokenPromises(
  log: EventLog,
  tell: (position: number) => void,
): Promise<readonly VerifyProblem[]> {
  try {
    const violations = await checkInvariants({ log, codec }, tell);
    return violations.map(({ invariant, position, stream, found }) => ({
      kind: 'invariant',
      position,
      subject: stream,
      found: `${invariant}: ${found}`,
    }));
  } catch (fault) {
    // What cannot be read any further, the chain has reported already.
    if (fault instanceof LogDamaged) return [];
    if (!(fault instanceof UnreadableEvent)) throw fault;
    const { position, message } = fault;
    return [{ kind: 'invariant', position, subject: 'log', found: message }];
  }
}
