/** The history as a whole: places in it, how full it is, and why things came to be as they are. */
import * as z from 'zod';
import { positionAt, rangeOf } from '../../app/position-at.ts';
import { densityOf } from '../../app/replay/density.ts';
import { runIdSchema, taskIdSchema } from '../../domain/task/events.ts';
import { isoTime } from '../../wire/iso-time.ts';
import { whyJson } from '../../wire/why-json.ts';
import { pointSchema, rangeFields } from '../point.ts';
import { readers } from '../principal.ts';
import { limitUpTo } from '../query-fields.ts';
import { type Route, route } from '../route.ts';

/** The routes about the history. */
export const historyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/why/{id}',
    summary: 'why a task or a run stands where it stands, from what the log says',
    allow: readers,
    takesAt: true,
    params: z.strictObject({ id: z.union([taskIdSchema, runIdSchema]) }),
    answer: z.looseObject({ id: z.string(), headline: z.string() }),
    async handle({ board, params, read }) {
      const { position } = await read();
      const explanation = await board.why(params.id);
      return explanation.refused ? explanation : { json: whyJson(explanation), position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/position',
    summary: 'which position a moment means',
    allow: readers,
    query: z.strictObject({ of: pointSchema }),
    answer: z.object({ position: z.number(), at: z.iso.datetime() }),
    async handle({ board, query }) {
      const place = await positionAt(board.log, query.of, board.nowMs());
      if (place.refused) return place;
      return { json: { position: place.position, at: isoTime(place.atMs) } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/density',
    summary: 'how events are spread over a range of time, in slices; the fullest is 1',
    allow: readers,
    query: z.strictObject({ ...rangeFields, slices: limitUpTo(2_000, 200) }),
    answer: z.looseObject({ slices: z.array(z.number()) }),
    async handle({ board, query }) {
      const range = await rangeOf(board.log, query, board.nowMs());
      if (range.refused) return range;
      const { first, last } = range;
      const { fromAtMs, toAtMs, slices } = await densityOf(board.log, range, query.slices);
      return { json: { first, last, from: isoTime(fromAtMs), to: isoTime(toAtMs), slices } };
    },
  }),
];
