/** Runs the workload with one fault after the other, and reads what it said about each. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every kind of fault, with what it does; see `faulty-io.c`. */
export const kinds = {
  eio: 'one call fails with EIO',
  eios: 'a call and all after it fail with EIO',
  enospc: 'one call that takes space fails with ENOSPC',
  short: 'one write is done by half',
  torn: 'one write is done by half, and the process dies',
  kill: 'the process dies before a call',
} as const;

/** The name of a kind of fault. */
export type Kind = keyof typeof kinds;

/** One run with one fault in it, as it was told. */
export interface Point {
  readonly kind: Kind;
  /** Which call failed, from 1. */
  readonly at: number;
  /** Its log. */
  readonly directory: string;
  /** The call and its file; undefined when the run was over before. */
  readonly fault: string | undefined;
  /** What was said: before the fault, and after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What to run. */
export interface PointRequest {
  readonly kind: Kind;
  /** The first call to fail, and the step to the next one. */
  readonly first: number;
  readonly step: number;
  /** The workload's program: `faulty-process`. */
  readonly program: string;
  /** The library made of `faulty-io.c`. */
  readonly library: string;
  readonly directory: string;
}

/** Points that one process goes through, unless it dies before. */
const pointsPerProcess = 25;

/** Runs until a run meets no fault any more. Each run has a log of its own, which stays. */
export function* runPoints(request: PointRequest): Iterable<Point> {
  const { kind, first, step } = request;
  for (let at = first; ; ) {
    const points = runProcess(request, at);
    for (const point of points) {
      if (point.fault === undefined) return;
      yield point;
    }
    const last = points.at(-1);
    if (last === undefined) throw new Error(`The workload did not begin with ${kind} at ${at}`);
    at = last.at + step;
  }
}

function runProcess({ kind, step, program, library, directory }: PointRequest, first: number) {
  const root = join(directory, kind);
  mkdirSync(root, { recursive: true });
  const last = first + step * (pointsPerProcess - 1);
  const args = [program, root, kind, String(first), String(step), String(last)];
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, args, {
    env: { ...process.env, LD_PRELOAD: library },
    encoding: 'utf8',
  });
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(`The workload failed: ${stderr}`);
  return stdout
    .split(/^run /m)
    .slice(1)
    .map((text) => pointOf(text, { kind, root }));
}

function pointOf(text: string, { kind, root }: { kind: Kind; root: string }): Point {
  const [at = '', ...lines] = text.trimEnd().split('\n');
  const directory = join(root, at);
  const isFault = (line: string) => line.startsWith('fault ');
  const place = lines.findIndex(isFault);
  const fault = lines[place]?.replace('fault ', '').replace(`${directory}/`, '');
  const before = place < 0 ? lines : lines.slice(0, place);
  const after = place < 0 ? [] : lines.slice(place + 1);
  return { kind, at: Number(at), directory, fault, before, after };
}
