/** What is kept of a worker's work when its run is over, and what of it goes. */
import type { RunRow } from '../../projections/runs/row.ts';
import type { Board } from '../app/board.ts';
import type { Commands } from '../app/commands.ts';
import { describeFault } from './acts.ts';
import { keptComments } from './kept-comments.ts';
import type { Artifact, Host, KeptArtifacts, Report } from './ports.ts';
import type { WorkerDefinition } from './worker-definition.ts';
import type { Worker } from './workers.ts';

/** What keeping results takes from the rest of the dispatcher. */
export interface ResultsDeps {
  readonly board: Pick<Board, 'nowMs' | 'projections'>;
  readonly commands: Commands;
  readonly host: Pick<Host, 'workspaces'>;
  readonly report: Report;
}

type Defined = Pick<WorkerDefinition, 'artifacts'> | undefined;

/** The results of runs. Both throw when the log or the host are in trouble. */
export interface Results {
  /** Copies the artifacts that a worker definition names. */
  keep(run: RunRow, definition: Defined): Promise<readonly Artifact[]>;
  /** Tells and removes what is left to tell and to remove, once all processes are gone. */
  tidyUp(worker: Pick<Worker, 'runId' | 'taskId' | 'definition'>): Promise<void>;
}

/** Makes the two. */
export function createResults(deps: ResultsDeps): Results {
  const { board, commands, host, report } = deps;

  /**
   * The workspace of the attempt that finished the task goes, once its artifacts are copied. Failed
   * attempts leave theirs to be looked at, until `logboard gc`.
   */
  const tidyUp: Results['tidyUp'] = async ({ runId, taskId, definition }) => {
    const { queries } = board.projections;
    const run = queries.run(runId);
    if (run?.outcome !== 'completed') return;
    const isTold = run.endedBy?.kind !== 'worker' || (await tellArtifacts(run, definition));
    // What nobody was told of is still to be found where the worker left it.
    if (!isTold) return;
    const status = queries.task(taskId, board.nowMs())?.status;
    if (status === 'done') await removeScratch(runId);
  };

  /** What cannot be removed is left to `logboard gc`: all else has been done, and only once. */
  async function removeScratch(runId: string): Promise<void> {
    try {
      await host.workspaces.removeScratch(runId);
    } catch (fault) {
      report('fault', { subject: runId, problem: describeFault(fault) });
    }
  }

  /**
   * The worker's own hand-off stands already: what is kept besides is told in comments. Answers
   * whether all of them were accepted.
   */
  async function tellArtifacts(run: RunRow, definition: Defined): Promise<boolean> {
    const { taskId, runId } = run;
    for (const body of keptComments(await keep(run, definition))) {
      const answer = await commands.comment(taskId, { body, runId });
      if (!answer.refused) continue;
      report('refused', { runId, code: answer.code, message: answer.message });
      return false;
    }
    return true;
  }

  async function keep(run: RunRow, definition: Defined): Promise<readonly Artifact[]> {
    const { runId, process } = run;
    const patterns = definition?.artifacts ?? [];
    if (patterns.length === 0 || process === null) return [];
    const { collected, skipped } = await host.workspaces
      .keep(process.workspace, patterns)
      .catch(nothingIfGone);
    if (skipped.length > 0)
      report('skipped', { runId, skipped: skipped.map((file) => ({ ...file })) });
    return collected;
  }

  return { keep, tidyUp };
}

/** Somebody removed the workspace: trying again would not bring it back. */
function nothingIfGone(fault: unknown): KeptArtifacts {
  if ((fault as { code?: unknown }).code === 'ENOENT') return { collected: [], skipped: [] };
  throw fault;
}
