/** Whether the door is open, and whether what stands behind it can work. */
import * as z from 'zod';
import { readers } from '../principal.ts';
import { type Route, route } from '../route.ts';

/** The routes that watchdogs and monitoring ask. */
export const healthRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/healthz',
    summary: 'whether the server answers',
    allow: 'everybody',
    answer: z.object({ ok: z.literal(true), version: z.string() }),
    handle: async ({ parts }) => ({ json: { ok: true, version: parts.version } }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    summary: 'whether the log can be read and written, and how far the tables are behind it',
    allow: 'everybody',
    answer: z.object({
      ok: z.boolean(),
      head: z.number(),
      checkpoint: z.number(),
      lag: z.number(),
    }),
    async handle({ board }) {
      const { position: head } = await board.log.head();
      const { position: checkpoint } = board.projections.checkpoint();
      const ok = board.log.writingRefused() === undefined;
      const json = { ok, head, checkpoint, lag: head - checkpoint };
      return { json, status: ok ? 200 : 503, position: checkpoint };
    },
  }),
  route({
    method: 'GET',
    path: '/metrics',
    summary: 'figures for monitoring, in the format of Prometheus',
    allow: readers,
    answer: 'text/plain',
    async handle({ state }) {
      const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' };
      return { response: new Response(await (await state.metrics()).text(), { headers }) };
    },
  }),
];
