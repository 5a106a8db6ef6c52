/** Whom `heartbeat`, `complete`, `block` and `release` act for: a run, or tasks as an operator. */
import type { Proof } from '../app/write-run.ts';
import { refuse } from '../domain/refusal.ts';
import { type OwnRun, ownRun } from './caller.ts';
import { type IdsAndWords, runIdOf } from './ids.ts';
import { Refused } from './problem.ts';
import { UsageError } from './usage-error.ts';
import type { Context } from './verb.ts';

/** A run, with the proof that this process is its worker if there is one; or tasks. */
export type Target =
  | { readonly runId: string; readonly proof: Proof }
  | { readonly runId?: never; readonly taskIds: readonly string[] };

/**
 * The target of the ids and of `--run`. A worker acts for its own run, named or not, and for no
 * other. Throws `Refused` when it tries, `UsageError` when nothing or too much is named.
 */
export function targetOf(
  context: Context,
  ids: Pick<IdsAndWords, 'taskIds' | 'runIds'>,
  runOption: string | undefined,
): Target {
  const named = runOption === undefined ? ids.runIds : [...ids.runIds, runIdOf(runOption)];
  const [runId, ...others] = new Set(named);
  const { taskIds } = ids;
  if (others.length > 0) throw new UsageError('Several runs are named.', 'One command, one run.');
  const own = ownRun(context.io.environment);
  if (own !== undefined) return ownTarget(context, own, { runId, taskIds });
  if (runId === undefined) return { taskIds };
  if (taskIds.length > 0) {
    throw new UsageError(
      'Both a run and a task are named.',
      'The run is enough: it knows its task.',
    );
  }
  return { runId, proof: proofOf(context) };
}

/** Without a run id there is no fence: who lost a task must not be taken for its heir. */
export function noRun(attempted: string): UsageError {
  return new UsageError(
    `Only a run can ${attempted}, and none is named.`,
    'Give --run with the runId that `logboard claim` answered.',
  );
}

function ownTarget(
  context: Context,
  own: OwnRun,
  named: { runId: string | undefined; taskIds: readonly string[] },
): Target {
  const { runId, taskIds } = named;
  const isOwn = (runId ?? own.runId) === own.runId && taskIds.every((id) => id === own.taskId);
  if (isOwn) return { runId: own.runId, proof: proofOf(context) };
  const meant = runId !== undefined && runId !== own.runId ? runId : taskIds.join(', ');
  throw new Refused(
    refuse('token_invalid', `This worker may act for its own run only, not for ${meant}.`, {
      hint: 'Leave the id out. Comments and new tasks are free to every worker.',
      facts: { runId: own.runId, taskId: own.taskId ?? null },
    }),
  );
}

/** The token is never on the command line or in the environment, where others could see it. */
function proofOf({ io, root }: Context): Proof {
  const file = io.environment['LOGBOARD_RUN_TOKEN_FILE'];
  if (!file) return {};
  const tokenHash = root.readTokenHash(file);
  if (tokenHash !== undefined) return { tokenHash };
  throw new Refused(
    refuse('token_invalid', `There is no run token to be read at ${file}.`, {
      hint: 'The run is over, or LOGBOARD_RUN_TOKEN_FILE names the wrong file: stop working.',
    }),
  );
}
