/** Who works, and who starts them. */
import * as z from 'zod';
import { assigneeJson, withDefined } from '../../wire/assignee-json.ts';
import { dispatcherJson } from '../../wire/dispatcher-json.ts';
import { readers } from '../principal.ts';
import { type Route, route } from '../route.ts';

/** The routes about workers and dispatchers. */
export const fleetRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/workers',
    summary: 'who has work, and whether workers are defined for them',
    allow: readers,
    takesAt: true,
    answer: z.object({ workers: z.array(z.looseObject({ assignee: z.string() })) }),
    async handle({ parts, read }) {
      const { queries, position, nowMs } = await read();
      const { workers } = parts.config;
      const rows = withDefined(queries.assignees(nowMs), workers);
      return { json: { workers: rows.map((row) => assigneeJson(row, workers)) }, position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/dispatchers',
    summary: 'the dispatchers that have not said goodbye; with `all`, every one there ever was',
    allow: readers,
    takesAt: true,
    query: z.strictObject({ all: z.enum(['true', 'false']).default('false') }),
    answer: z.object({ dispatchers: z.array(z.looseObject({ id: z.string() })) }),
    async handle({ query, read }) {
      const { queries, position } = await read();
      const rows = query.all === 'true' ? queries.dispatchers() : queries.servingDispatchers();
      return { json: { dispatchers: rows.map(dispatcherJson) }, position };
    },
  }),
];
