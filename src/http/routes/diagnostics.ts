/** What is wrong, and what helps. */
import * as z from 'zod';
import { diagnoseTasks } from '../../app/diagnose.ts';
import { noSuchTask } from '../../app/plans.ts';
import { findingKinds } from '../../domain/diagnostics/diagnose.ts';
import { isAtLeast, severities } from '../../domain/diagnostics/finding.ts';
import { said } from '../../domain/said.ts';
import { taskIdSchema } from '../../domain/task/events.ts';
import { nearest } from '../../nearest.ts';
import { diagnosticsJson } from '../../wire/diagnostics-json.ts';
import { readers } from '../principal.ts';
import { list } from '../query-fields.ts';
import { type Call, type Route, route } from '../route.ts';

/** The route about trouble. */
export const diagnosticRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/diagnostics',
    summary: 'what is wrong with tasks, the worst first, and which command helps',
    allow: readers,
    takesAt: true,
    query: z.strictObject({
      tasks: list.pipe(z.array(taskIdSchema)).optional(),
      kinds: list.pipe(z.array(z.enum(findingKinds))).optional(),
      severity: z.enum(severities).default('warning'),
    }),
    answer: z.object({
      findings: z.array(z.looseObject({ kind: z.string(), taskId: z.string() })),
      counts: z.record(z.string(), z.number()),
      cut: z.array(z.string()),
      unchecked: z.array(z.string()),
      position: z.number(),
    }),
    handle: diagnose,
  }),
];

interface Wanted {
  readonly tasks?: string[] | undefined;
  readonly kinds?: (typeof findingKinds)[number][] | undefined;
  readonly severity: (typeof severities)[number];
}

async function diagnose({ board, parts, query, read }: Call<unknown, Wanted>) {
  const { queries, position, nowMs } = await read();
  const { tasks: taskIds, kinds, severity } = query;
  const missing = taskIds?.find((id) => queries.task(id, nowMs) === undefined);
  if (missing !== undefined) return noSuchTask(missing);
  // What is configured now says nothing about then.
  const config = board.past === undefined ? parts.config() : undefined;
  const workers = config?.file === undefined ? null : config.workers;
  const policy = config?.policy ?? board.policy();
  const { probeDispatcher } = board;
  const around = { nowMs, policy, workers, probeDispatcher, nearest };
  const report = diagnoseTasks(queries, { ...said({ taskIds, kinds }), ...around });
  const findings = report.findings.filter((each) => isAtLeast(each.severity, severity));
  return { json: diagnosticsJson({ ...report, findings }, position), position };
}
