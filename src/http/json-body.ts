/** Reads the body of a request: not too long, not too deep, nothing that poisons objects. */
import { metadataDepthMax } from '../domain/limits.ts';
import { DoorProblem, doorProblem, type Problem } from './problem.ts';

/** Largest JSON body in bytes, where a route takes no long texts. */
export const bodyBytesDefault = 256 * 1024;
/** Metadata may be as deep as it may, inside of what carries it. */
const depthMax = metadataDepthMax + 4;
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The bytes of the body. Throws `DoorProblem` as soon as there are more than allowed. */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const length = request.headers.get('content-length');
  if (Number(length ?? 0) > bytesMax) throw tooLarge(bytesMax);
  // No more than that can come, so it need not be counted.
  if (length !== null) return new Uint8Array(await request.arrayBuffer());
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of request.body ?? []) {
    bytes += piece.length;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The JSON value in the body; an object without fields when it is empty. Throws `DoorProblem`. */
export async function readJson(request: Request, bytesMax: number): Promise<unknown> {
  const bytes = await readBytes(request, bytesMax);
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new DoorProblem(badBody('it is not JSON in UTF-8'));
  }
  const problem = shapeProblem(value);
  if (problem !== undefined) throw new DoorProblem(badBody(problem));
  return value;
}

function shapeProblem(value: unknown): string | undefined {
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > depthMax) return `it is nested deeper than ${depthMax}`;
    for (const [key, item] of Object.entries(next.value)) {
      if (forbiddenKeys.has(key)) return `it has the key ${key}`;
      waiting.push({ value: item, depth: next.depth + 1 });
    }
  }
  return undefined;
}

function badBody(found: string): Problem {
  return doorProblem('bad_request', `Cannot read the body: ${found}.`, 'Send a JSON object.');
}

function tooLarge(bytesMax: number): DoorProblem {
  const facts = { bytesMax };
  const hint = `Keep it below ${bytesMax} bytes.`;
  return new DoorProblem(doorProblem('too_large', 'The body is too large.', hint, { facts }));
}
