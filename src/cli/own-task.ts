/** The task that is meant when a worker names none. */
import { ownRun } from './caller.ts';
import { taskIdOf } from './ids.ts';
import { UsageError } from './usage-error.ts';
import type { Context } from './verb.ts';

/** The task that is named, or the one this worker works on. Throws `UsageError` without either. */
export function taskOrOwn({ io }: Context, named: string | undefined): string {
  if (named !== undefined) return taskIdOf(named);
  const own = ownRun(io.environment)?.taskId;
  if (own === undefined) throw new UsageError('No task is named.', 'Give its id.');
  return own;
}
