/** Frames as the answer of a route, while there is a place for one more stream. */
import { doorProblem, problemResponse } from './problem.ts';
import type { Call, Reply } from './route.ts';
import { sseResponse, streamHeaders } from './sse.ts';
import { streamsMax } from './stream-slots.ts';

/** How soon a client that found no place may ask again, in s. */
const askAgainSeconds = 5;

const tooManyStreams = doorProblem(
  'too_many_streams',
  `All ${streamsMax} streams of this server are taken.`,
  'Close some, or ask again in a moment; `GET /api/v1/events` reads the same events in pages.',
  { headers: { 'Retry-After': `${askAgainSeconds}` }, facts: { streamsMax } },
);

/** The stream, or the no of a door that has too many of them. */
export function streamReply(
  { parts, request, hangUp, state }: Pick<Call, 'parts' | 'request' | 'hangUp' | 'state'>,
  makeFrames: (signal: AbortSignal) => AsyncIterable<string>,
): Reply {
  if (request.method === 'HEAD')
    return { response: new Response(null, { headers: streamHeaders }) };
  const release = state.streams.take();
  if (release === undefined) return { response: problemResponse(tooManyStreams) };
  const ends = { until: state.closing, hangUp, onEnd: release };
  return { response: sseResponse(parts, makeFrames, ends) };
}
