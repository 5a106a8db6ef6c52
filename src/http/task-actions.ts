/** What an operator may do with a task: one entry each, for one task and for many alike. */
import * as z from 'zod';
import type { Commands } from '../app/commands.ts';
import type { TaskAnswer } from '../app/task-plan.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { said } from '../domain/said.ts';
import {
  assigneeSchema,
  blockCauses,
  handOffSchema,
  longTextSchema,
  prioritySchema,
  taskChangesSchema,
} from '../domain/task/events.ts';
import { momentSchema } from './moment.ts';

/** What an action comes to. */
export type Acted = Promise<Pick<TaskAnswer, 'refused' | 'changed' | 'position'> | Refusal>;

/** One thing that may be done with a task. */
export interface TaskAction {
  /** The last piece of its path. */
  readonly name: string;
  readonly summary: string;
  readonly body: z.ZodObject;
  act(commands: Commands, taskId: string, body: unknown): Acted;
}

const reason = longTextSchema.optional();
const because = z.strictObject({ reason });

function action<B extends z.ZodObject>(
  name: string,
  summary: string,
  body: B,
  act: (commands: Commands, taskId: string, body: z.infer<B>) => Acted,
): TaskAction {
  return { name, summary, body, act } as TaskAction;
}

/** All of them. */
export const taskActions: readonly TaskAction[] = [
  action(
    'assign',
    'say who should do a task; with `reclaim`, also when somebody works on it',
    z.strictObject({
      assignee: assigneeSchema.nullable(),
      reason,
      reclaim: z.boolean().optional(),
    }),
    async (commands, taskId, { assignee, reclaim, ...why }) => {
      const answer = await commands.assign(taskId, assignee, why.reason);
      if (!answer.refused || answer.code !== 'already_claimed' || !reclaim) return answer;
      const words = why.reason ?? `reassigned to ${assignee ?? 'nobody'}`;
      return commands.reclaim(taskId, words, { assignee });
    },
  ),
  action(
    'prioritize',
    'move a task in the queue; the higher number goes first',
    z.strictObject({ priority: prioritySchema }),
    (commands, taskId, { priority }) => commands.reprioritize(taskId, priority),
  ),
  action(
    'schedule',
    'keep a task from starting before a time; null lifts that',
    z.strictObject({ notBefore: momentSchema.nullable(), reason }),
    (commands, taskId, { notBefore, ...why }) => commands.schedule(taskId, notBefore, why.reason),
  ),
  action(
    'specify',
    'say what was missing, and move a task out of triage',
    taskChangesSchema.strict(),
    (commands, taskId, changes) => commands.specify(taskId, changes),
  ),
  action('complete', 'declare a task done', handOffSchema.strict(), (commands, taskId, handOff) =>
    commands.complete(taskId, handOff),
  ),
  action(
    'block',
    'stop a task until somebody unblocks it',
    z.strictObject({
      reason: longTextSchema.min(1),
      cause: z.enum(blockCauses).default('operator'),
    }),
    (commands, taskId, why) => commands.block(taskId, why),
  ),
  action('unblock', 'lift a block, a halt or a hold', because, (commands, taskId, why) =>
    commands.unblock(taskId, why.reason),
  ),
  action(
    'promote',
    'start the turn of a task now; with `force`, past parents that are not done',
    z.strictObject({ force: z.boolean().default(false), reason }),
    (commands, taskId, { force: forced, ...why }) =>
      commands.promote(taskId, { forced, ...said(why) }),
  ),
  action(
    'review',
    'accept the work under review, or send it back with the reason',
    z.strictObject({ approve: z.boolean(), reason }),
    (commands, taskId, verdict) => commands.review(taskId, verdict),
  ),
  action('reopen', 'put a finished task back into the queue', because, (commands, taskId, why) =>
    commands.reopen(taskId, why.reason),
  ),
  action('forgive', 'forgive the failures so far', because, (commands, taskId, why) =>
    commands.resetFailures(taskId, why.reason),
  ),
  action('reclaim', 'take a task from its run', because, (commands, taskId, why) =>
    commands.reclaim(taskId, why.reason ?? 'taken back by hand'),
  ),
  action('archive', 'put a task away', because, (commands, taskId, why) =>
    commands.archive(taskId, why.reason),
  ),
  action('restore', 'bring an archived task back', because, (commands, taskId, why) =>
    commands.restore(taskId, why.reason),
  ),
  action(
    'remove',
    'remove an archived task from sight for good',
    because,
    (commands, taskId, why) => commands.tombstone(taskId, why.reason),
  ),
];

/** Actions whose words are about one task and would be wrong about another. */
const aboutOne: ReadonlySet<string> = new Set(['specify']);

/** Why an action with this body cannot be done to several tasks; undefined when it can. */
export function refuseForMany(name: string, body: object): Refusal | undefined {
  const hasWords = name === 'complete' && Object.keys(body).length > 0;
  if (!hasWords && !aboutOne.has(name)) return undefined;
  return refuse('bulk_summary', `One ${name} with words cannot stand for several tasks.`, {
    hint: 'Do it one by one, or leave the words out.',
  });
}
