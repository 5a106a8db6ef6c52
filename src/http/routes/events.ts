/** The log: a page of it, or all that comes. */
import * as z from 'zod';
import { taskIdSchema } from '../../domain/task/events.ts';
import { codec } from '../../log/codec.ts';
import { recordedJson } from '../../wire/recorded-json.ts';
import { eventDocument } from '../documents.ts';
import { eventFrames } from '../event-stream.ts';
import { readers } from '../principal.ts';
import { flag, limitUpTo, list, whole } from '../query-fields.ts';
import { readEvents } from '../read-events.ts';
import { type Route, route } from '../route.ts';
import { streamReply } from '../stream-reply.ts';
import { isWanted, subjectOf } from '../wanted-events.ts';

/** Whose events, and which. */
const filterFields = {
  task: taskIdSchema.optional(),
  assignee: z.string().min(1).optional(),
  types: list.optional(),
};

/** Events looked at for one page of answers. */
const pageSize = 1_000;

/** The routes that read events. */
export const eventRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/events',
    summary: 'events after a position; go on after `next`',
    allow: readers,
    takesAt: true,
    query: z.strictObject({
      after: whole.default(0),
      limit: limitUpTo(pageSize, pageSize),
      /** Puts back the beats that were thinned out, by their times. */
      unthinned: flag.optional(),
      ...filterFields,
    }),
    answer: z.object({ events: z.array(eventDocument), next: z.number(), head: z.number() }),
    async handle({ board, query, read }) {
      const { queries, position } = await read();
      const { after, limit, task } = query;
      const page = await readEvents({ log: board.log, queries }, query);
      const events = page
        .filter((event) => {
          const { type } = event;
          return isWanted({ type, subject: () => subjectOf(event, queries) }, query);
        })
        .map((event) => recordedJson(event, codec));
      const last = page.at(-1)?.position ?? after;
      const isAll = task !== undefined && page.length < limit;
      const next = isAll ? Math.max(last, position) : last;
      return { json: { events, next, head: position }, position };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/events/stream',
    summary: 'events as they happen, as server-sent events; Last-Event-ID goes on after a position',
    allow: readers,
    query: z.strictObject({ after: whole.optional(), ...filterFields }),
    answer: 'text/event-stream',
    async handle(call) {
      const { board, query, request, state } = call;
      const resumed = /^\d{1,15}$/.exec(request.headers.get('last-event-id') ?? '')?.[0];
      const { position: head } = await board.log.head();
      const after = resumed === undefined ? (query.after ?? head) : Number(resumed);
      const frames = (signal: AbortSignal) => eventFrames(state.live, { ...query, after }, signal);
      return streamReply(call, frames);
    },
  }),
];
