/** Verification of a board: its bytes, its promises, and its tables. */
import { checkInvariants } from '../app/verify.ts';
import type { Upkeep, VerifyProblem, VerifyReport } from '../cli/root.ts';
import { codec, UnreadableEvent } from '../log/codec.ts';
import type { EventLog } from '../log/event-log.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';

type Tell = Parameters<Upkeep['verify']>[1];

/** Verifies a log, and the tables by way of `compareTables`. Writes nothing. */
export async function verifyBoard(
  log: SqliteLog,
  compareTables: () => Promise<readonly VerifyProblem[]>,
  tell: Tell,
): Promise<VerifyReport> {
  const { problem, head } = await log.verifyChain({
    onProgress: (progress) => tell('chain', progress),
  });
  const { position, hash } = head;
  const promises = await brokenPromises(log, (done) =>
    tell('invariants', { done, total: position }),
  );
  // Tables of a log that does not verify are compared with nothing.
  const tables = problem === undefined ? await compareTables() : [];
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
    if (!(fault instanceof UnreadableEvent)) throw fault;
    const { position, message } = fault;
    return [{ kind: 'invariant', position, subject: 'log', found: message }];
  }
}
