/** One action on many tasks: those that are named, or all that match. */
import * as z from 'zod';
import { streams } from '../../domain/catalogue.ts';
import { several } from '../../domain/diagnostics/finding.ts';
import { parseInWords } from '../../domain/issues.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { taskIdSchema } from '../../domain/task/events.ts';
import { filterOf, taskFilterFields } from '../list-tasks.ts';
import { operators } from '../principal.ts';
import {
  DoorProblem,
  doorProblem,
  problemJson,
  problemOfFault,
  problemOfRefusal,
} from '../problem.ts';
import { type Call, type Reading, type Route, route } from '../route.ts';
import { refuseForMany, type TaskAction, taskActions } from '../task-actions.ts';

/** Most tasks of one request. */
const tasksMax = 1_000;

/** The filter has the words of a query, so that the address of a list can be turned into one. */
const bulkBody = z.strictObject({
  action: z.enum(taskActions.map(({ name }) => name)),
  with: z.record(z.string(), z.unknown()).default({}),
  ids: z.array(taskIdSchema).min(1).max(tasksMax).optional(),
  filter: z.strictObject(taskFilterFields).optional(),
  /** How many tasks the caller expects: with another number, nothing is done. */
  expected: z.number().int().min(0).optional(),
  dryRun: z.boolean().default(false),
});

type Bulk = z.infer<typeof bulkBody>;

/** The route for many. */
export const bulkRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/tasks/bulk',
    summary: 'do one thing to tasks that are named or match; `dryRun` counts them first',
    allow: operators,
    body: bulkBody,
    answer: z.object({
      action: z.string(),
      dryRun: z.boolean(),
      matching: z.number(),
      done: z.number(),
      results: z.array(z.looseObject({ id: z.string() })),
    }),
    handle,
  }),
];

async function handle(call: Call<unknown, unknown, Bulk>) {
  const { body, read } = call;
  const { action: name, dryRun, expected } = body;
  const action = taskActions.find((each) => each.name === name)!;
  const words = wordsOf(action, body.with);
  const ids = idsOf(await read(), body);
  if ('refused' in ids) return ids;
  const matching = ids.length;
  if (expected !== undefined && expected !== matching) return otherNumber(expected, matching);
  const refusal = matching > 1 ? refuseForMany(name, words) : undefined;
  if (refusal !== undefined) return refusal;
  const results: readonly Result[] = dryRun
    ? ids.map((id) => ({ id }))
    : await actOnAll(call, { action, words, ids });
  const done = results.filter(({ ok }) => ok).length;
  const { position } = await read();
  return { json: { action: name, dryRun, matching, done, results }, position };
}

/** What is wanted beside the action is what the action alone would take. */
function wordsOf({ body }: TaskAction, given: object): object {
  const words = parseInWords(body, given);
  if (words.success) return words.data;
  const [issue] = words.error.issues;
  const message = `Cannot accept with.${issue?.path.join('.')}: ${issue?.message}.`;
  const hint = 'Give what the action itself takes; nothing was written.';
  throw new DoorProblem(doorProblem('bad_request', message, hint));
}

function idsOf({ queries, nowMs }: Reading, { ids, filter }: Bulk): readonly string[] | Refusal {
  if ((ids === undefined) === (filter === undefined)) {
    const hint = 'An empty filter matches every task that is not archived.';
    return refuse('invalid', 'Give either `ids` or `filter`.', { hint });
  }
  if (filter === undefined) return [...new Set(ids)];
  const hits = filter.q === undefined ? undefined : queries.search(filter.q, { limit: 10_000 });
  const named = hits && { ids: hits.map(({ taskId }) => taskId) };
  const tasks = queries.tasks({ ...filterOf(filter), ...named }, { limit: tasksMax + 1 }, nowMs);
  if (tasks.length <= tasksMax) return tasks.map(({ taskId }) => taskId);
  const hint = 'Narrow the filter, or do it in several parts.';
  return refuse('invalid', `More than ${tasksMax} tasks match.`, { hint, facts: { tasksMax } });
}

function otherNumber(expected: number, matching: number): Refusal {
  return refuse(
    'revision_moved',
    `The filter finds ${several(matching, 'task')} now, and not ${expected}.`,
    {
      hint: 'Look at them again, and decide anew.',
      facts: { expected, matching },
    },
  );
}

interface Work {
  readonly action: TaskAction;
  readonly words: object;
  readonly ids: readonly string[];
}

/** Each is a command of its own, with an answer of its own; one that fails stops no other. */
async function actOnAll(call: Call, { action, words, ids }: Work): Promise<readonly Result[]> {
  const commands = call.commands();
  const results: Result[] = [];
  for (const id of ids) {
    const earlier = await call.earlier(streams.task(id));
    const act = () => action.act(commands, id, words);
    results.push(earlier === undefined ? await resultOf(id, act) : { id, ok: true, changed: true });
  }
  return results;
}

interface Result {
  readonly id: string;
  readonly ok?: boolean;
  readonly changed?: boolean;
  readonly error?: object;
}

async function resultOf(id: string, act: () => ReturnType<TaskAction['act']>): Promise<Result> {
  try {
    const answer = await act();
    if (!answer.refused) return { id, ok: true, changed: answer.changed };
    return { id, ok: false, error: problemJson(problemOfRefusal(answer)) };
  } catch (fault) {
    return { id, ok: false, error: problemJson(problemOfFault(fault)) };
  }
}
