/** What happened, in one file that others can look into. */
import * as z from 'zod';
import { chooseAround } from '../../app/incident/choose.ts';
import { incidentLines } from '../../app/incident/save.ts';
import { asStored, incidentWanted, type Wanted } from '../../app/incident/wanted.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { runIdSchema, taskIdSchema } from '../../domain/task/events.ts';
import { createSealer } from '../../log/incident/seal.ts';
import { rangeFields } from '../point.ts';
import { operators } from '../principal.ts';
import { flag, list } from '../query-fields.ts';
import { type Call, type Reply, type Route, route } from '../route.ts';

const query = z.strictObject({
  ...rangeFields,
  around: list.pipe(z.array(z.union([taskIdSchema, runIdSchema])).min(1)).optional(),
  /** Leaves out text that the board encrypts, and all output, which may quote it. */
  withoutText: flag.optional(),
});

/** Most of the end of a run's output that goes into a file. */
const outputLimits = { linesMax: 1_000, bytesMax: 256 * 1024 };

/** The route that saves incidents. */
export const incidentRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/incident',
    summary: 'an incident file: tasks and runs and what they are connected with, or a window',
    allow: operators,
    query,
    answer: 'application/x-ndjson',
    handle,
  }),
];

async function handle(call: Call<unknown, z.infer<typeof query>>): Promise<Reply> {
  const { board, query: asked } = call;
  const { around = [], from, to } = asked;
  const isWindow = from !== undefined || to !== undefined;
  if (isWindow === around.length > 0) return oneOrTheOther();
  const ofKind = (letter: string) => around.filter((id) => id.startsWith(letter));
  const wish = isWindow ? { range: { from, to } } : { taskIds: ofKind('T'), runIds: ofKind('R') };
  const wanted = await incidentWanted(board, wish);
  if (wanted.refused) return wanted;
  const name = isWindow ? `${wanted.window?.first}-${wanted.window?.last}` : around[0];
  const headers = {
    'Content-Type': 'application/x-ndjson',
    'Content-Disposition': `attachment; filename="incident-${name}.jsonl"`,
    'Cache-Control': 'no-store',
  };
  const lines = sealed(call, wanted, asked.withoutText !== true);
  return { response: new Response(ReadableStream.from(lines), { headers }) };
}

/** Made line by line while they leave; a file that breaks off says so by its missing end. */
async function* sealed(
  { board, parts }: Call,
  wanted: Wanted,
  withText: boolean,
): AsyncGenerator<Uint8Array> {
  try {
    const queries = await wanted.board.read();
    const seen = { log: wanted.board.log, queries, nowMs: wanted.board.nowMs() };
    const choice = await chooseAround(seen, wanted.taskIds);
    const seal = createSealer();
    const lines = incidentLines({
      ...wanted,
      board: asStored(board, wanted.board),
      choice,
      policy: wanted.board.past === undefined ? parts.config().policy : wanted.board.policy(),
      savedAtMs: parts.clock.nowMs(),
      program: parts.version,
      withText,
      onEncrypted: () => {},
      readOutput: (runId) => parts.output.tail(runId, outputLimits),
      onProgress: () => {},
    });
    for await (const line of lines) yield seal(line);
  } finally {
    if (wanted.board !== board) await wanted.board.close();
  }
}

function oneOrTheOther(): Refusal {
  const message = 'An incident is around tasks or runs, or from one moment to another.';
  return refuse('invalid', message, { hint: 'Give `around` with ids, or `from` and `to`.' });
}
