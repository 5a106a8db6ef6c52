/** Who works, and who starts them. */
import * as z from 'zod';
import { dispatchersSeen, hostsSeen } from '../../app/fleet.ts';
import { assigneeJson, withDefined } from '../../wire/assignee-json.ts';
import { seenDispatcherJson } from '../../wire/dispatcher-json.ts';
import { hostJson } from '../../wire/host-json.ts';
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
      const { workers } = parts.config();
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
    async handle({ board, query, read }) {
      const { queries, position } = await read();
      const seen = dispatchersSeen(queries.dispatchers(), board.probeDispatcher);
      const shown = query.all === 'true' ? seen : seen.filter(({ state }) => state !== 'stopped');
      return { json: { dispatchers: shown.map(seenDispatcherJson) }, position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/hosts',
    summary: 'the machines with a dispatcher or an open run; with `all`, those that have left, too',
    allow: readers,
    takesAt: true,
    query: z.strictObject({ all: z.enum(['true', 'false']).default('false') }),
    answer: z.object({ hosts: z.array(z.looseObject({ host: z.string() })) }),
    async handle({ board, query, read }) {
      const { queries, position } = await read();
      const dispatchers = dispatchersSeen(queries.dispatchers(), board.probeDispatcher);
      const seen = { dispatchers, openRuns: queries.openRuns() };
      const hosts = hostsSeen(seen, { all: query.all === 'true' });
      return { json: { hosts: hosts.map(hostJson) }, position };
    },
  }),
];
