/** The board as a whole. */
import * as z from 'zod';
import { servingOf } from '../../app/fleet.ts';
import { boardJson } from '../../wire/board-json.ts';
import { cardsJson, openRunJson } from '../../wire/card-json.ts';
import { dispatcherJson } from '../../wire/dispatcher-json.ts';
import { isoTime } from '../../wire/iso-time.ts';
import { statsJson } from '../../wire/stats-json.ts';
import { readers } from '../principal.ts';
import { flag } from '../query-fields.ts';
import { type Route, route } from '../route.ts';

/** The routes about the board as a whole. */
export const boardRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/board',
    summary: 'everything a page shows at first, at one position; events go on from there',
    allow: readers,
    takesAt: true,
    query: z.strictObject({ archived: flag.optional() }),
    answer: z.object({
      position: z.number(),
      at: z.string(),
      board: z.looseObject({ name: z.string().nullable(), isPaused: z.boolean() }),
      policy: z.looseObject({}),
      workers: z.array(z.string()),
      tasks: z.array(z.looseObject({ taskId: z.string(), status: z.string() })),
      runs: z.array(z.looseObject({ runId: z.string(), taskId: z.string() })),
      dispatchers: z.array(z.looseObject({ id: z.string() })),
    }),
    async handle({ board, parts, query, read }) {
      const { queries, position, nowMs } = await read();
      const includeArchived = query.archived === true;
      const json = {
        position,
        at: isoTime(nowMs),
        board: boardJson(parts.place, queries),
        policy: board.policy(),
        workers: Object.keys(parts.config().workers).sort(),
        tasks: cardsJson(queries.tasks({ includeArchived }, {}, nowMs), queries),
        runs: queries.openRuns().map(openRunJson),
        dispatchers: servingOf(queries.servingDispatchers(), board.probeDispatcher).map(
          dispatcherJson,
        ),
      };
      return { json, position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/stats',
    summary: 'the board in figures',
    allow: readers,
    takesAt: true,
    answer: z.looseObject({ total: z.number(), position: z.number() }),
    async handle({ board, read }) {
      const { queries, position, nowMs } = await read();
      const json = statsJson(queries, { ...board.projections.checkpoint(), position }, nowMs);
      return { json, position };
    },
  }),
];
