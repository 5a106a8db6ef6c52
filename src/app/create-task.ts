/** Creating a task, once per idempotency key. */
import type { Refusal } from '../domain/refusal.ts';
import { said } from '../domain/said.ts';
import type { CreateTaskInput } from '../domain/task/commands.ts';
import type { Loaded, Loader } from './load.ts';
import type { Caller } from './plan.ts';
import { decideOn, writeAt } from './plans.ts';
import type { Session } from './session.ts';
import { type TaskAnswer, taskPlan } from './task-plan.ts';

/** What a new task is made of; whoever calls is its creator unless another is named. */
export interface NewTask extends Omit<CreateTaskInput, 'createdBy'> {
  readonly createdBy?: string;
}

/** Creates a task; the same idempotency key finds the task it made before, unless archived. */
export async function createTask(session: Session, fields: NewTask): Promise<TaskAnswer | Refusal> {
  const { caller, ids } = session;
  const createdBy = fields.createdBy ?? caller.actor.id;
  const key = fields.idempotencyKey ?? commandKey(caller.commandId);
  for (let round = 0; ; round += 1) {
    const taskId = ids.taskId(key, round);
    const answer = await createAs(
      session,
      taskId,
      said({ ...fields, createdBy }) as CreateTaskInput,
    );
    if (answer !== 'taken') return answer;
  }
}

/** A command that brings its id makes the same task whenever it is sent. */
function commandKey(commandId: string | undefined): string | undefined {
  // No idempotency key has a line end in it.
  return commandId === undefined ? undefined : `command\n${commandId}`;
}

function createAs(session: Session, taskId: string, fields: CreateTaskInput) {
  const isNew = fields.idempotencyKey === undefined;
  return session.execute<TaskAnswer | 'taken'>(session.caller, async ({ loader }) => {
    const loaded = await (isNew ? loader.newTask(taskId) : loader.task(taskId));
    if (wasMadeByThis(session.caller, loaded, fields)) return taskPlan(taskId, loaded, []);
    if (isTaken(loaded, fields)) return { refused: false, writes: [], answer: () => 'taken' };
    const missingParents = await missing(loader, fields.parents ?? []);
    const decision = decideOn(taskId, loaded, { type: 'CreateTask', fields, missingParents });
    if (decision.refused) return decision;
    return taskPlan(taskId, loaded, [writeAt(loaded, decision.events)]);
  });
}

async function missing(loader: Loader, parents: readonly string[]): Promise<readonly string[]> {
  const loaded = await Promise.all(parents.map((id) => loader.task(id)));
  return parents.filter((_, index) => loaded[index]?.state === undefined);
}

/** The id was derived from the command's own, so who stands there was made by it. */
function wasMadeByThis(caller: Caller, { state }: Loaded<unknown>, fields: CreateTaskInput) {
  const isOfCommand = caller.commandId !== undefined && fields.idempotencyKey === undefined;
  return isOfCommand && state !== undefined;
}

/** A derived id that an archived task holds is free for the next; a random one must be new. */
function isTaken(
  loaded: Loaded<{ idempotencyKey: string | null; standing: { status: string } } | undefined>,
  fields: CreateTaskInput,
): boolean {
  const task = loaded.state;
  if (task === undefined) return false;
  if (fields.idempotencyKey === undefined || task.idempotencyKey !== fields.idempotencyKey) {
    return true;
  }
  return task.standing.status === 'archived' || task.standing.status === 'tombstoned';
}
