/** What the worker of a run prints and hands in, from anywhere. */
import * as z from 'zod';
import { line, pathCharsMax } from '../../domain/limits.ts';
import { readBytes } from '../json-body.ts';
import { ownRunRoute } from '../own-run-route.ts';
import { DoorProblem, doorProblem } from '../problem.ts';
import type { Route } from '../route.ts';

/** Most output in one request, in bytes. */
const pieceBytesMax = 1024 * 1024;

const offset = z
  .string()
  .regex(/^\d{1,15}$/, 'is not a number of bytes')
  .transform(Number);

/** A name is data, and never a path here; but others may make a file of it. */
const fileName = line(pathCharsMax).refine(
  (name) => !/^[/\\]|\\|^[A-Za-z]:/.test(name) && !name.split('/').includes('..'),
  'must be a relative path without ..',
);

/** The routes of a run's output and files. */
export const runFileRoutes: readonly Route[] = [
  ownRunRoute({
    name: 'log',
    summary: 'Append output; what begins at an offset that is there already is passed over',
    takesBytes: true,
    query: z.strictObject({ offset }),
    answer: z.object({ next: z.number() }),
    async handle({ board, commands, parts, proof, query, request, runId }) {
      const bytes = await readBytes(request, pieceBytesMax);
      const allowed = await commands().sendOutput(runId, proof);
      if (allowed.refused) return allowed;
      const bytesMax = board.policy().logBytesMax;
      const piece = { offset: query.offset, bytes, bytesMax };
      const next = await parts.runStore.appendLog(runId, piece);
      if (query.offset > next) throw new DoorProblem(gap(query.offset, next));
      return { json: { next } };
    },
  }),
  ownRunRoute({
    name: 'artifact',
    summary: 'Hand in a file; it is kept by its content, and goes with the result',
    takesBytes: true,
    query: z.strictObject({ name: fileName }),
    answer: z.object({ name: z.string(), sha256: z.string(), bytes: z.number() }),
    async handle({ commands, parts, proof, query, request, runId }) {
      const allowed = await commands().actBeside(runId, proof);
      if (allowed.refused) return allowed;
      const content = request.body ?? [];
      const kept = await parts.runStore.keepArtifact(runId, query.name, content as never);
      if (kept === undefined) throw new DoorProblem(tooMuch);
      return { json: kept, status: 201 };
    },
  }),
];

function gap(found: number, next: number) {
  const message = `${next} bytes of output are known: what comes before ${found} is missing.`;
  return doorProblem('offset_ahead', message, `Go on at ${next}.`, { facts: { next } });
}

const tooMuch = doorProblem(
  'too_large',
  'The file, or all files of the run together, are more than a run may hand in.',
  'Hand in less, or keep it elsewhere and name the place in the result.',
);
