/** A claim as programs see it. These names are permanent: a new need is a new field. */
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { ClaimAnswer } from '../app/claim-task.ts';
import { said } from '../domain/said.ts';
import { isoTime } from './iso-time.ts';

/** The JSON of a claim, with the path of the task's workspace when it has one. */
export function claimJson(claim: ClaimAnswer, task: Pick<TaskRow, 'workspace'>) {
  const { taskId, runId, version, attempt, position } = claim;
  const leaseUntil = isoTime(claim.leaseUntilMs);
  const workspace = task.workspace.path;
  return { taskId, runId, version, leaseUntil, attempt, ...said({ workspace }), position };
}
