/** Who is acting: the worker of a run, inside its environment, or a person. */
import type { Caller } from '../app/plan.ts';
import { hasControlCharacter, nameCharsMax } from '../domain/limits.ts';
import { runIdSchema, taskIdSchema } from '../domain/task/events.ts';
import { UsageError } from './usage-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The run a worker works on, as its environment tells. */
export interface OwnRun {
  readonly runId: string;
  /** Undefined when the environment does not say. */
  readonly taskId: string | undefined;
}

/** The run this process works on; undefined outside of workers. Throws on a malformed id. */
export function ownRun(environment: Environment): OwnRun | undefined {
  const runId = environment['LOGBOARD_RUN'];
  if (!runId) return undefined;
  const taskId = environment['LOGBOARD_TASK'] || undefined;
  if (!runIdSchema.safeParse(runId).success) throw notAnId('LOGBOARD_RUN', 'run', runId);
  if (taskId !== undefined && !taskIdSchema.safeParse(taskId).success) {
    throw notAnId('LOGBOARD_TASK', 'task', taskId);
  }
  return { runId, taskId };
}

/** The caller of every command: a worker cannot give itself another name, a person can. */
export function callerOf(environment: Environment, chosenName: string | undefined): Caller {
  const own = ownRun(environment);
  if (own !== undefined) {
    return { actor: { kind: 'worker', id: own.runId }, surface: 'cli', correlationId: own.runId };
  }
  const { LOGBOARD_ACTOR: actor, USER: user, LOGNAME: login } = environment;
  const id = chosenName ?? (actor || user || login || 'unknown');
  if (id.trim() === '' || id.length > nameCharsMax || hasControlCharacter(id, false)) {
    throw new UsageError(
      `${JSON.stringify(id.slice(0, nameCharsMax))} is no name to act under.`,
      `Give --as a name of at most ${nameCharsMax} characters.`,
    );
  }
  return { actor: { kind: 'human', id }, surface: 'cli' };
}

function notAnId(variable: string, what: string, found: string): UsageError {
  return new UsageError(
    `${variable} is ${JSON.stringify(found)}, which is not a ${what} id.`,
    'The dispatcher sets it for workers; unset it if this is not one.',
  );
}
