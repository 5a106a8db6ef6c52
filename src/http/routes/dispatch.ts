/** The dispatcher beside this door. */
import * as z from 'zod';
import { operators, readers } from '../principal.ts';
import { doorProblem, problemResponse } from '../problem.ts';
import { type Route, route } from '../route.ts';

const plan = z.object({
  actions: z.array(z.looseObject({ do: z.string() })),
  waits: z.array(z.looseObject({ subject: z.string(), until: z.string(), forMs: z.number() })),
});

/** The routes to the dispatcher; pause and resume are the board's. */
export const dispatchRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/dispatch/plan',
    summary: 'what a pass of the dispatcher would do now, and what is waited for',
    allow: readers,
    answer: plan,
    handle: async ({ parts }) => ({ json: await parts.dispatch.plan() }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/dispatch/nudge',
    summary: 'have the dispatcher look now',
    allow: operators,
    body: z.strictObject({}),
    answer: z.object({ nudged: z.literal(true) }),
    async handle({ parts }) {
      if (parts.dispatch.nudge()) return { json: { nudged: true } };
      return { response: problemResponse(noDispatcher) };
    },
  }),
];

const noDispatcher = doorProblem(
  'no_such_route',
  'No dispatcher runs beside this server.',
  'Start it without --no-dispatch, or run `logboard dispatch`.',
);
