/** What only people may do: what stopped a task for its own good must not be undone by machines. */
import type { Actor } from '../event.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { TaskEvent } from './events.ts';

/** The events that open the breaker again, or a finished task, in words. */
const byPeople: Partial<Record<TaskEvent['type'], string>> = {
  FailuresReset: 'forgive failures',
  TaskReopened: 'reopen a finished task',
  TaskResumed: 'resume a halted task',
};

/** The refusal for events that are not for this actor to bring about; undefined when they are. */
export function needsPerson(events: readonly TaskEvent[], actor: Actor): Refusal | undefined {
  const attempted = events.map(({ type }) => byPeople[type]).find((words) => words !== undefined);
  return attempted === undefined ? undefined : peopleOnly(attempted, actor);
}

/** The refusal for a worker or a dispatcher that attempts what is for people. */
export function peopleOnly(attempted: string, { kind, id }: Actor): Refusal | undefined {
  if (kind !== 'worker' && kind !== 'dispatcher') return undefined;
  return refuse('people_only', `Only a person may ${attempted}, and ${id} is a ${kind}.`, {
    hint: 'Say what is needed in a comment, or block the task until somebody has looked.',
    facts: { actor: `${kind} ${id}` },
  });
}
