/** Runs, read. */
import * as z from 'zod';
import { noSuchRun } from '../../app/plans.ts';
import { runIdSchema } from '../../domain/task/events.ts';
import { runJson } from '../../wire/run-json.ts';
import { runDocument } from '../documents.ts';
import { readers } from '../principal.ts';
import { limitUpTo } from '../query-fields.ts';
import { type Route, route } from '../route.ts';

/** The id in the path of everything about one run. */
export const runParams = z.strictObject({ runId: runIdSchema });

/** The routes that read runs. */
export const runRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/runs',
    summary: 'the open runs; with `assignee`, what it finished last',
    allow: readers,
    takesAt: true,
    query: z.strictObject({
      assignee: z.string().min(1).optional(),
      limit: limitUpTo(1_000, 100),
    }),
    answer: z.object({ runs: z.array(runDocument) }),
    async handle({ query, read }) {
      const { queries, position } = await read();
      const { assignee, limit } = query;
      const runs =
        assignee === undefined
          ? queries.openRuns().slice(0, limit)
          : queries.recentRunsOfAssignee(assignee, limit);
      return { json: { runs: runs.map(runJson) }, position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/{runId}',
    summary: 'one run',
    allow: readers,
    takesAt: true,
    params: runParams,
    answer: runDocument,
    async handle({ params, read }) {
      const { queries, position } = await read();
      const run = queries.run(params.runId);
      return run === undefined ? noSuchRun(params.runId) : { json: runJson(run), position };
    },
  }),
];
