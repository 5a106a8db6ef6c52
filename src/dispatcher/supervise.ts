/**
 * One run from the end of its worker to the last trace of it: what its exit means, that all of its
 * processes are gone, what is kept of its work.
 */
import type { Board } from '../app/board.ts';
import { isExcusable } from '../domain/outage.ts';
import { answerTo, lastLineOf } from './answer.ts';
import type { EndOpenRun, ExtendLease, JudgeExit } from './judge.ts';
import { excuseOf } from './outages.ts';
import type { Host } from './ports.ts';
import { createRecord, type RecordDeps } from './record.ts';
import { createResults, type ResultsDeps } from './results.ts';
import type { WorkerEnd } from './view.ts';
import {
  type ExitMeaning,
  exitMeaning,
  type WorkerDefinition,
  type WorkerDefinitions,
} from './worker-definition.ts';
import type { Workers } from './workers.ts';

/** What supervising takes from the rest of the dispatcher. */
export interface SuperviseDeps extends RecordDeps, ResultsDeps {
  /** The tables need no catching up: every action follows from a view that they were in. */
  readonly board: Pick<Board, 'policy' | 'nowMs' | 'projections'>;
  readonly host: Pick<Host, 'processes' | 'slots' | 'runFiles' | 'workspaces'>;
  readonly workers: Pick<Workers, 'get' | 'forget'>;
  readonly definitions: () => WorkerDefinitions;
}

/**
 * What can be done about a run that has started. Throws when the log or the host are in trouble.
 */
export interface Supervise {
  extendLease(action: ExtendLease): Promise<void>;
  /** Ends a run by a rule. When its worker has shown life meanwhile, it is left alone. */
  endRun(action: EndOpenRun): Promise<void>;
  /** Ends a run with what the end of its worker means. */
  judgeExit(action: JudgeExit): Promise<void>;
  /** Ends what is left of a run that is over, and gives back what it held. */
  endProcesses(runId: string): Promise<void>;
}

/** Makes the four. */
export function createSupervise(deps: SuperviseDeps): Supervise {
  const { board, host, definitions, workers, report } = deps;
  const { recordEnd, extendLease } = createRecord(deps);
  const results = createResults(deps);

  async function endRun({ runId, judgedAt, end }: EndOpenRun): Promise<void> {
    await recordEnd(runId, end, { judgedAt });
  }

  async function judgeExit({ runId, judgedAt, end, evidence }: JudgeExit): Promise<void> {
    const run = board.projections.queries.run(runId);
    if (run === undefined) throw new Error(`${runId} is not in the tables`);
    const worker = workers.get(runId);
    const definition = worker === undefined ? definitions()[run.assignee ?? ''] : worker.definition;
    const meaning = meaningOf(definition, end);
    const answer = answerTo(end, {
      meaning,
      lastLine: await lastLine(runId),
      artifacts: meaning === 'complete' ? await results.keep(run, definition) : [],
      tokenHash: run.opened.tokenHash,
      rateLimitHoldMs: board.policy().rateLimitHoldMs,
      evidence,
    });
    const excuse = isExcusable(answer) ? excuseOf(board, run.assignee) : undefined;
    await recordEnd(runId, answer, { judgedAt, excuse });
  }

  async function lastLine(runId: string): Promise<string | undefined> {
    const isSilent = host.runFiles.outputBytes(runId) === 0;
    return isSilent ? undefined : lastLineOf(await host.runFiles.readTail(runId));
  }

  async function endProcesses(runId: string): Promise<void> {
    const worker = workers.get(runId);
    if (worker === undefined) return;
    const { outcome, survivors } = await host.processes.end(
      worker.identity,
      board.policy().killGraceMs,
    );
    if (outcome === 'unkillable' || outcome === 'unknown') {
      report('stuck', { runId, outcome, survivors: survivors.map(({ pid }) => pid) });
      throw new Error(`processes of ${runId} are not confirmed gone: ${outcome}`);
    }
    await host.slots.release(worker.identity.nonce);
    await worker.uncap();
    await results.tidyUp(worker);
    workers.forget(runId);
    report('ended', { runId, taskId: worker.taskId, outcome });
  }

  return { extendLease, endRun, judgeExit, endProcesses };
}

/** What the end of a worker stands for, where its definition has a word for it. */
function meaningOf(
  definition: WorkerDefinition | undefined,
  end: WorkerEnd,
): ExitMeaning | undefined {
  const hasCode = typeof end === 'object' && 'code' in end;
  return hasCode ? exitMeaning(definition, end.code) : undefined;
}
