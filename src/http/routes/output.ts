/** What workers print, and what they leave behind. */
import * as z from 'zod';
import { noSuchRun } from '../../app/plans.ts';
import { outputFrames } from '../output-stream.ts';
import { readers } from '../principal.ts';
import { doorProblem, problemResponse } from '../problem.ts';
import { limitUpTo, whole } from '../query-fields.ts';
import { type Route, route } from '../route.ts';
import { streamReply } from '../stream-reply.ts';
import { runParams } from './runs.ts';

/** Most output that is answered at once, in bytes. */
const outputBytesMax = 1024 * 1024;
/** Most lines of a tail. */
const linesMax = 10_000;

/** The routes to what runs leave behind. */
export const outputRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/runs/{runId}/log',
    summary: 'what a run has printed: its last lines, or with `from` a piece by its place in bytes',
    allow: readers,
    params: runParams,
    query: z.strictObject({
      tail: limitUpTo(linesMax, 1_000),
      from: whole.optional(),
      bytes: limitUpTo(outputBytesMax, 64 * 1024),
    }),
    answer: z.looseObject({ runId: z.string(), taskId: z.string(), text: z.string() }),
    async handle({ params, parts, query, read }) {
      const { queries } = await read();
      const run = queries.run(params.runId);
      if (run === undefined) return noSuchRun(params.runId);
      const { runId, taskId } = run;
      const { from, bytes, tail } = query;
      const piece =
        from === undefined
          ? await parts.output.tail(runId, { linesMax: tail, bytesMax: outputBytesMax })
          : await parts.output.range(runId, { from, bytesMax: bytes });
      return { json: { runId, taskId, ...piece } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/{runId}/log/stream',
    summary: 'the last lines of a run and what it prints from then on, as server-sent events',
    allow: readers,
    params: runParams,
    query: z.strictObject({ tail: limitUpTo(linesMax, 1_000) }),
    answer: 'text/event-stream',
    async handle(call) {
      const { params, parts, query, read } = call;
      const { runId } = params;
      if ((await read()).queries.run(runId) === undefined) return noSuchRun(runId);
      const frames = (signal: AbortSignal) => outputFrames(parts, { runId, ...query }, signal);
      return streamReply(call, frames);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/artifacts/{sha256}',
    summary: 'an artifact by the hash of its content, as a file to be saved',
    allow: readers,
    params: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256') }),
    answer: 'application/octet-stream',
    async handle({ params, parts, request }) {
      const { sha256 } = params;
      const found = await parts.output.artifact(sha256);
      if (found === undefined) return { response: problemResponse(noSuchArtifact) };
      const headers = {
        ...asFile,
        ETag: `"${sha256}"`,
        'Content-Disposition': `attachment; filename="${sha256.slice(0, 16)}.bin"`,
        'Content-Length': `${found.bytes}`,
      };
      if (request.method !== 'HEAD') return { response: new Response(found.content, { headers }) };
      await found.content.cancel();
      return { response: new Response(null, { headers }) };
    },
  }),
];

const noSuchArtifact = doorProblem(
  'no_such_route',
  'There is no artifact of this content.',
  'See `artifacts` of the run for what there is.',
);

/** Nothing in it is to be run or shown here, whatever it says it is. */
const asFile = {
  'Content-Type': 'application/octet-stream',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cache-Control': 'private, max-age=31536000, immutable',
};
