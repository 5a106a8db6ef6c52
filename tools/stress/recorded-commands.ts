/** The commands on runs as one process uses them, each with a line in its journal. */
import type { Board } from '../../src/app/board.ts';
import { systemClock } from '../../src/host/clock.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import type { Answer } from './claim-model.ts';
import type { Journal } from './journal.ts';

/** A task and the run that holds it, or did. */
export interface Run {
  readonly taskId: string;
  readonly runId: string;
}

/** Commands that are recorded; each answers what the board said. */
export interface RecordedCommands {
  /** Claims a task for a run with a token of its own. */
  claim(taskId: string, leaseMs: number): Promise<{ readonly run: Run; readonly answer: Answer }>;
  heartbeat(run: Run): Promise<Answer>;
  /** Completes a run; with the token of another run, if one is given. */
  complete(run: Run, tokenOf?: Run): Promise<Answer>;
  block(run: Run): Promise<Answer>;
  release(run: Run): Promise<Answer>;
  /** Ends a run whose lease is over, unless it has moved on from `version`. */
  reclaim(run: Run & { readonly version: number }): Promise<Answer>;
  unblock(taskId: string): Promise<Answer>;
  archive(taskId: string): Promise<Answer>;
}

const ids = createIds({ clock: systemClock, randomBytes });

/** Commands on a board in the name of a process. */
export function createRecordedCommands(
  board: Board,
  name: string,
  { record }: Journal,
): RecordedCommands {
  const tokens = new Map<string, string>();
  const operator = board.as({ actor: { kind: 'system', id: name }, surface: 'sdk' });
  const dispatcher = board.as({ actor: { kind: 'dispatcher', id: name }, surface: 'dispatcher' });
  const workerOf = ({ runId }: Run) =>
    board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
  const proofOf = ({ runId }: Run) => ({ tokenHash: tokens.get(runId) });
  let beats = 0;

  return {
    async claim(taskId, leaseMs) {
      const run = { taskId, runId: ids.runId() };
      const tokenHash = ids.runToken().hash;
      tokens.set(run.runId, tokenHash);
      const request = { runId: run.runId, claimedBy: name, ttlMs: leaseMs, tokenHash };
      const answer = await record({ name: 'claim', ...run }, () => operator.claim(taskId, request));
      return { run, answer };
    },
    heartbeat(run) {
      beats += 1;
      // With news, so that it is stored however soon it comes.
      const beat = { note: `beat ${beats}`, ...proofOf(run) };
      return record({ name: 'heartbeat', ...run, tokenOf: run.runId }, () =>
        workerOf(run).heartbeat(run.runId, beat),
      );
    },
    complete: (run, other = run) =>
      record({ name: 'complete', ...run, tokenOf: other.runId }, () =>
        workerOf(other).completeRun(run.runId, { summary: `by ${name}` }, proofOf(other)),
      ),
    block: (run) =>
      record({ name: 'block', ...run, tokenOf: run.runId }, () =>
        workerOf(run).blockRun(run.runId, { cause: 'needs_input', reason: 'Which?' }, proofOf(run)),
      ),
    release: (run) =>
      record({ name: 'release', ...run, tokenOf: run.runId }, () =>
        workerOf(run).releaseRun(run.runId, 'not mine to do', proofOf(run)),
      ),
    reclaim: ({ version, ...run }) => {
      const end = { type: 'ReclaimRun', reason: 'its lease is over', evidence: {} } as const;
      return record({ name: 'reclaim', ...run }, () => dispatcher.endRun(run.runId, end, version));
    },
    unblock: (taskId) => record({ name: 'unblock', taskId }, () => operator.unblock(taskId)),
    archive: (taskId) => record({ name: 'archive', taskId }, () => operator.archive(taskId)),
  };
}
