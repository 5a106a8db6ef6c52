/** How the writes of a command on a task become its answer. */
import type { Version } from '../log/event-log.ts';
import type { Loaded } from './load.ts';
import type { Plan, PlannedWrite, Stored } from './plan.ts';

/** The answer to a command on a task. */
export interface TaskAnswer {
  readonly refused: false;
  readonly taskId: string;
  /** Version of the task's stream after the command. */
  readonly version: Version;
  /** Position to wait for to read one's own write. */
  readonly position: number;
  /** False when the command found its work done already. */
  readonly changed: boolean;
}

/** A plan whose answer tells where the task stands afterwards. */
export function taskPlan(
  taskId: string,
  loaded: Loaded<unknown>,
  writes: readonly PlannedWrite[],
): Plan<TaskAnswer> {
  const index = writes.findIndex((write) => write.stream === loaded.stream);
  const answer = (stored: Stored): TaskAnswer => ({
    refused: false,
    taskId,
    version: stored.versions[index] ?? loaded.version,
    position: stored.position ?? loaded.position,
    changed: stored.position !== undefined,
  });
  return { refused: false, writes, answer };
}
