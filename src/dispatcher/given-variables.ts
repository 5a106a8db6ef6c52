/**
 * The variables a worker is given. Ids, paths and short names only: what a task says in words goes
 * into the context file, since an environment is seen by whoever may look into /proc.
 */
import type { TaskRow } from '../../projections/tasks/row.ts';
import { said } from '../domain/said.ts';
import type { RunPaths } from './ports.ts';

/** Which run of which task, where. The launcher adds `LOGBOARD_NONCE`. */
export interface GivenRun {
  /** Undefined where the board is on another machine. */
  readonly boardDirectory: string | undefined;
  /** Where the board's server is; undefined when there is none. */
  readonly url: string | undefined;
  readonly task: Pick<TaskRow, 'taskId' | 'model' | 'skills' | 'tenant' | 'branch'>;
  readonly runId: string;
  readonly attempt: number;
  readonly workspace: string;
  readonly paths: RunPaths;
}

/** The LOGBOARD_ variables of a run; what is not known is left out. */
export function givenVariables(run: GivenRun): Record<string, string> {
  const { task, paths } = run;
  return said({
    LOGBOARD_BOARD: run.boardDirectory,
    LOGBOARD_URL: run.url,
    LOGBOARD_TASK: task.taskId,
    LOGBOARD_RUN: run.runId,
    LOGBOARD_RUN_TOKEN_FILE: paths.token,
    LOGBOARD_ATTEMPT: String(run.attempt),
    LOGBOARD_WORKSPACE: run.workspace,
    LOGBOARD_CONTEXT_FILE: paths.context,
    LOGBOARD_MODEL: task.model ?? undefined,
    LOGBOARD_SKILLS: task.skills.length === 0 ? undefined : task.skills.join(','),
    LOGBOARD_TENANT: task.tenant ?? undefined,
    LOGBOARD_BRANCH: task.branch ?? undefined,
  }) as Record<string, string>;
}
